-- The quarters in which each KPI has a figure, if only a zero: once what it needs is
-- mined, while the project is active.
--
-- Deployments are known from the first one on; what has to have happened once, from its
-- first row on. All repositories of a project, and all projects, are called *.
--
-- grain: kpi, project, source, quarter
with

first_deployments as (

    select
        project,
        source,
        min(deployed_at) as first_at
    from intermediate.project_deployments
    group by project, source

),

needed as (

    select observed.*
    from figures.kpi_observed_quarters as observed
    left join first_deployments as deployments
        on observed.project = deployments.project and observed.source = deployments.source
    left join figures.kpi_first_rows as first_rows
        on
            observed.kpi = first_rows.kpi
            and observed.project = first_rows.project
            and observed.source = first_rows.source
    where
        (observed.needs != 'deployments' or observed.ends_at > deployments.first_at)
        and (observed.needs != 'evidence' or observed.starts_on >= first_rows.first_on)

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
