-- The figures of every KPI in quarters and in fiscal years, each with its place in the
-- sequence of its kind.
--
-- An amount of a period that is not over can still grow: it is compared with no other
-- period.
--
-- grain: kpi, project, source, period
with

periods as (

    select
        published.kpi,
        published.project,
        published.source,
        published.quarter as period,
        published.quarter,
        quarters.fiscal_year,
        quarters.ends_before,
        quarters.fiscal_year * 4 + quarters.fiscal_quarter as period_number,
        4 as periods_in_year,
        published.value,
        published.is_complete or published.is_sealed as is_over
    from figures.kpi_published as published
    inner join settings.quarters as quarters on published.quarter = quarters.quarter

    union all

    select
        years.kpi,
        years.project,
        years.source,
        years.fiscal_year::varchar as period,
        null as quarter,
        years.fiscal_year,
        quarters.ends_before,
        years.fiscal_year as period_number,
        1 as periods_in_year,
        years.value,
        years.is_complete or years.is_sealed as is_over
    from figures.kpi_years as years
    left join settings.quarters as quarters
        on years.fiscal_year = quarters.fiscal_year and quarters.fiscal_quarter = 4

)

select
    periods.kpi,
    periods.project,
    periods.source,
    periods.period,
    periods.quarter,
    periods.fiscal_year,
    periods.ends_before,
    periods.period_number,
    periods.periods_in_year,
    periods.value,
    not periods.is_over
    and kpis.span = 'quarter'
    and kpis.kind in ('count', 'sum', 'distinct', 'half') as is_growing
from periods
inner join settings.kpis as kpis on periods.kpi = kpis.kpi
