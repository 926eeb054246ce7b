-- The quarters in which what each KPI needs was mined, in each repository and each ledger
-- of each project, while the project is active.
--
-- grain: kpi, project, source, quarter
with

-- The quarters in which a KPI has a figure of a ledger: from the first row on that the
-- ledger gave it for the project.
kpi_ledger_quarters as (

    select
        first_rows.kpi,
        first_rows.project,
        first_rows.source,
        quarters.quarter,
        quarters.is_complete
    from figures.kpi_first_rows as first_rows
    inner join intermediate.ledger_quarters as quarters
        on
            first_rows.source = quarters.source
            and first_rows.first_on <= quarters.quarter_starts_on

),

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

    union all

    select * from figures.kpi_early_quarters

),

kpi_quarters as (

    select
        kpis.kpi,
        owned.project,
        owned.source,
        observed.quarter,
        observed.is_complete
    from observed
    inner join settings.kpis as kpis on observed.needs = kpis.needs
    inner join facts.project_repositories as owned on observed.source = owned.source

    union all

    select * from kpi_ledger_quarters

)

select
    kpi_quarters.kpi,
    kpis.needs,
    kpi_quarters.project,
    kpi_quarters.source,
    bounds.quarter,
    bounds.starts_on,
    bounds.ends_at,
    bool_and(kpi_quarters.is_complete) as is_complete
from kpi_quarters
inner join settings.kpis as kpis on kpi_quarters.kpi = kpis.kpi
inner join settings.projects as projects on kpi_quarters.project = projects.project
inner join settings.quarters as bounds on kpi_quarters.quarter = bounds.quarter
where
    coalesce(bounds.ends_before > projects.active_from, true)
    and coalesce(bounds.starts_on <= projects.active_until, true)
group by
    kpi_quarters.kpi, kpis.needs, kpi_quarters.project, kpi_quarters.source,
    bounds.quarter, bounds.starts_on, bounds.ends_at
