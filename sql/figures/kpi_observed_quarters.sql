-- The quarters in which what each KPI needs was mined, in each repository and each ledger
-- of each project, while the project is active or rows of a ledger are reported for it.
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

    union all

    select * from intermediate.item_quarters

    union all

    select * from figures.kpi_early_quarters

),

mined as (

    select
        kpis.kpi,
        owned.project,
        owned.source,
        observed.quarter,
        observed.is_complete
    from observed
    inner join settings.kpis as kpis on observed.needs = kpis.needs
    inner join facts.project_repositories as owned on observed.source = owned.source
    inner join settings.projects as projects on owned.project = projects.project
    inner join settings.quarters as bounds on observed.quarter = bounds.quarter
    where
        coalesce(bounds.ends_before > projects.active_from, true)
        and coalesce(bounds.starts_on <= projects.active_until, true)

),

kpi_quarters as (

    select * from mined
    union all
    select * from figures.kpi_ledger_quarters

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
inner join settings.quarters as bounds on kpi_quarters.quarter = bounds.quarter
group by
    kpi_quarters.kpi, kpis.needs, kpi_quarters.project, kpi_quarters.source,
    bounds.quarter, bounds.starts_on, bounds.ends_at
