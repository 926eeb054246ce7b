-- What of the rows of each KPI adds up: in each repository, project and all projects, by
-- quarter and by fiscal year.
--
-- All repositories of a project, and all projects, are called *.
--
-- grain: stage, kpi, project, source, period
with

by_source as (

    select
        stage,
        kpi,
        project,
        source,
        quarter,
        year,
        counts_in_repository,
        counts_in_project,
        counts_in_all,
        count(*) as row_count,
        count(*) filter (where is_counted) as counted_count,
        count(*) filter (where is_gap) as gap_count,
        sum(value) filter (where is_counted) as total,
        sum(numerator) filter (where is_counted) as numerator,
        sum(denominator) filter (where is_counted) as denominator
    from figures.kpi_staged_rows
    group by
        stage, kpi, project, source, quarter, year,
        counts_in_repository, counts_in_project, counts_in_all

),

scoped as (

    select * from by_source
    where counts_in_repository

    union all

    select * replace ('*' as source) from by_source
    where counts_in_project

    union all

    select * replace ('*' as project, '*' as source) from by_source
    where counts_in_all

),

dated as (

    select
        *,
        unnest([quarter, year]) as period
    from scoped

)

select
    stage,
    kpi,
    project,
    source,
    period,
    sum(row_count)::bigint as row_count,
    sum(counted_count)::bigint as counted_count,
    sum(gap_count)::bigint as gap_count,
    sum(total)::bigint as total,
    sum(numerator)::bigint as numerator,
    sum(denominator)::bigint as denominator
from dated
group by stage, kpi, project, source, period
