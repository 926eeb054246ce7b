-- The quarters in which each KPI that has a row of a ledger has a figure, if only a zero.
--
-- From the first active day of the project, or else the first day that the ledger names
-- for it, to the last active day or the last poll; and the quarters for which rows of the
-- KPI were reported, with those between.
--
-- grain: kpi, project, source, quarter
with

named as (

    select
        source,
        project,
        min(named_on) as first_on
    from intermediate.ledger_days
    group by source, project

),

spans as (

    select
        first_rows.kpi,
        first_rows.project,
        first_rows.source,
        least(
            coalesce(projects.active_from, named.first_on), first_rows.first_reported_on
        ) as first_on,
        projects.active_until,
        first_rows.last_reported_on,
        looks.last_observed_at
    from figures.kpi_first_rows as first_rows
    inner join staging.batches as looks on first_rows.source = looks.source
    inner join settings.projects as projects on first_rows.project = projects.project
    inner join named
        on first_rows.source = named.source and first_rows.project = named.project

)

select
    spans.kpi,
    spans.project,
    spans.source,
    quarters.quarter,
    spans.last_observed_at >= quarters.ends_at as is_complete
from spans
inner join settings.quarters as quarters
    on
        spans.first_on < quarters.ends_before
        and spans.last_observed_at >= quarters.starts_at
        and (
            spans.last_reported_on >= quarters.starts_on
            or coalesce(spans.active_until >= quarters.starts_on, true)
        )
