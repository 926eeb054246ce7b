-- How the counted values of each KPI that has any are spread, in each repository,
-- project and all projects, by quarter and by fiscal year.
--
-- grain: stage, kpi, project, source, period
with

counted as (

    select
        *,
        counts_in_all::varchar as in_all,
        counts_in_project::varchar as in_project,
        counts_in_repository::varchar as in_repository
    from figures.kpi_staged_rows
    where is_counted and value is not null and kind in ('mean', 'median', 'longest')

),

spread as (

    select
        stage,
        kpi,
        coalesce(project, '*') as project,
        coalesce(source, '*') as source,
        coalesce(quarter, year) as period,
        coalesce(in_all, in_project, in_repository) = 'false' as is_again,
        avg(value) as mean_value,
        min(value) as min_value,
        max(value) as max_value,
        quantile_cont(value, [0.5, 0.75, 0.9]) as quantiles
    from counted
    group by grouping sets (
        (stage, kpi, project, source, in_repository, quarter),
        (stage, kpi, project, source, in_repository, year),
        (stage, kpi, project, in_project, quarter),
        (stage, kpi, project, in_project, year),
        (stage, kpi, in_all, quarter),
        (stage, kpi, in_all, year)
    )

)

select * exclude (is_again) from spread
where not is_again
