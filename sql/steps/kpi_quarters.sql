-- The quarters in which each KPI has a figure, if only a zero: once what it needs is
-- mined, while the project is active.
--
-- Deployments are known from the first one on; what has to have happened once, from its
-- first row on. All repositories of a project, and all projects, are called *.
--
-- grain: kpi, project, source, quarter
with

observed as (

    select
        unnest(['commits', 'work', 'deployments', 'evidence']) as needs,
        source,
        quarter,
        is_complete
    from facts.repository_quarters

    union all

    select
        unnest(['tracker', 'work', 'deployments', 'evidence']) as needs,
        source,
        quarter,
        is_complete
    from facts.tracker_quarters

),

spine as (

    select
        kpis.kpi,
        kpis.needs,
        owned.project,
        owned.source,
        bounds.quarter,
        bounds.starts_on,
        bounds.ends_before,
        bounds.ends_at,
        bool_and(observed.is_complete) as is_complete
    from observed
    inner join settings.kpis as kpis on observed.needs = kpis.needs
    inner join facts.project_repositories as owned on observed.source = owned.source
    inner join settings.quarters as bounds on observed.quarter = bounds.quarter
    group by all

),

first_deployments as (

    select
        project,
        source,
        min(deployed_at) as first_at
    from steps.project_deployments
    group by project, source

),

first_rows as (

    select
        evidence.kpi,
        evidence.project,
        evidence.source,
        min(evidence.quarter_starts_on) as first_on
    from steps.kpi_rows as evidence
    semi join settings.kpis as kpis
        on evidence.kpi = kpis.kpi and kpis.needs = 'evidence'
    group by evidence.kpi, evidence.project, evidence.source

),

needed as (

    select spine.*
    from spine
    inner join settings.projects as projects on spine.project = projects.project
    left join first_deployments as deployments
        on spine.project = deployments.project and spine.source = deployments.source
    left join first_rows
        on
            spine.kpi = first_rows.kpi
            and spine.project = first_rows.project
            and spine.source = first_rows.source
    where
        (spine.needs != 'deployments' or spine.ends_at > deployments.first_at)
        and (spine.needs != 'evidence' or spine.starts_on >= first_rows.first_on)
        and coalesce(spine.ends_before > projects.active_from, true)
        and coalesce(spine.starts_on <= projects.active_until, true)

)

select
    kpi,
    if(grouping(project) = 1, '*', project) as project,
    if(grouping(source) = 1, '*', source) as source,
    quarter,
    bool_and(is_complete) as is_complete
from needed
group by grouping sets (
    (kpi, project, source, quarter), (kpi, project, quarter), (kpi, quarter)
)
