-- The figure of every KPI in every fiscal year in which it has one in some quarter.
--
-- Over all rows of the year's published quarters; where a KPI measures a quarter's end,
-- the figure of the last quarter. A year is complete if its quarters with figures are: after
-- a complete quarter there is a next one, unless the project had ended.
--
-- grain: kpi, project, source, fiscal_year
with

years as (

    select
        published.kpi,
        published.project,
        published.source,
        quarters.fiscal_year,
        arg_max(published.quarter, quarters.starts_on) as last_quarter,
        count(*) as quarter_count,
        bool_and(published.is_complete) as is_complete,
        bool_and(published.is_sealed and published.is_complete) as is_sealed
    from figures.kpi_published as published
    inner join settings.quarters as quarters on published.quarter = quarters.quarter
    group by
        published.kpi, published.project, published.source, quarters.fiscal_year

),

of_rows as (

    select
        years.*,
        coalesce(figures.value, kpis.value_without_rows) as value,
        coalesce(figures.row_count, 0) as row_count,
        coalesce(figures.counted_count, 0) as counted_count,
        coalesce(figures.gap_count, 0) as gap_count,
        figures.numerator,
        figures.denominator,
        figures.min_value,
        figures.max_value,
        figures.median_value,
        figures.p75_value,
        figures.p90_value
    from years
    inner join settings.kpis as kpis on years.kpi = kpis.kpi and kpis.span = 'quarter'
    left join figures.kpi_figures as figures
        on
            figures.stage = 0
            and years.kpi = figures.kpi
            and years.project = figures.project
            and years.source = figures.source
            and years.fiscal_year::varchar = figures.period

),

of_last_quarter as (

    select
        years.fiscal_year,
        years.quarter_count,
        last_quarters.* replace (
            years.is_complete as is_complete, years.is_sealed as is_sealed
        )
    from years
    semi join settings.kpis as kpis
        on years.kpi = kpis.kpi and kpis.span = 'quarter_end'
    inner join figures.kpi_published as last_quarters
        on
            years.kpi = last_quarters.kpi
            and years.project = last_quarters.project
            and years.source = last_quarters.source
            and years.last_quarter = last_quarters.quarter

)

select * exclude (last_quarter) from of_rows
union all by name
select * exclude (quarter) from of_last_quarter
