-- The figure of every KPI in every fiscal year in which it has one in some quarter.
--
-- Over all rows of the year's published quarters; where a KPI tells of a quarter's end,
-- that of the last quarter.
--
-- grain: kpi, project, source, fiscal_year
with

quarters as (

    select
        published.*,
        kpis.kind,
        kpis.span,
        quarters.fiscal_year,
        quarters.starts_on
    from steps.kpi_published as published
    inner join settings.kpis as kpis on published.kpi = kpis.kpi
    inner join settings.quarters as quarters on published.quarter = quarters.quarter

),

years as (

    select
        kpi,
        project,
        source,
        kind,
        fiscal_year,
        count(*) as quarter_count,
        bool_and(is_complete) and quarter_count = 4 as is_complete,
        bool_and(is_sealed) and quarter_count = 4 as is_sealed
    from quarters
    group by kpi, project, source, kind, fiscal_year

),

of_rows as (

    select
        years.*,
        coalesce(
            figures.value, if(years.kind in ('count', 'sum', 'distinct'), 0, null)
        ) as value,
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
    semi join settings.kpis as kpis
        on years.kpi = kpis.kpi and kpis.span = 'quarter'
    left join steps.kpi_figures as figures
        on
            figures.stage = 0
            and years.kpi = figures.kpi
            and years.project = figures.project
            and years.source = figures.source
            and years.fiscal_year::varchar = figures.period

),

last_quarters as (

    select
        * exclude (
            quarter, is_complete, is_sealed, kind, span, starts_on
        )
    from quarters
    where span = 'quarter_end'
    qualify
        row_number() over (
            partition by kpi, project, source, fiscal_year
            order by starts_on desc
        ) = 1

),

of_last_quarter as (

    select
        last_quarters.*,
        years.quarter_count,
        years.is_complete,
        years.is_sealed
    from last_quarters
    inner join years
        on
            last_quarters.kpi = years.kpi
            and last_quarters.project = years.project
            and last_quarters.source = years.source
            and last_quarters.fiscal_year = years.fiscal_year

)

select * exclude (kind) from of_rows
union all by name
select * from of_last_quarter
