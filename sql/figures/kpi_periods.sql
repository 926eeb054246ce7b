-- The figures of every KPI in quarters and in fiscal years, each with its place in the
-- sequence of its kind.
--
-- grain: kpi, project, source, period
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
    published.value
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
    years.value
from figures.kpi_years as years
left join settings.quarters as quarters
    on years.fiscal_year = quarters.fiscal_year and quarters.fiscal_quarter = 4
