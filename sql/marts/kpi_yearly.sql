-- Every KPI in every fiscal year: of each repository, of each project, and of all.
--
-- Over all rows of the year's published quarters, so that the counts and sums of its
-- quarters add up to it; a figure that tells of a quarter's end is that of the last
-- quarter. All repositories of a project, and all projects, are called *.
--
-- grain: kpi, project, source, fiscal_year
-- export: whole
with

years as (select * from steps.kpi_years),

compared as (

    select
        years.*,
        year_before.value as year_before_value,
        targets.target,
        targets.target_status
    from years
    left join years as year_before
        on
            years.kpi = year_before.kpi
            and years.project = year_before.project
            and years.source = year_before.source
            and years.fiscal_year - 1 = year_before.fiscal_year
    left join steps.kpi_target_status as targets
        on
            years.kpi = targets.kpi
            and years.project = targets.project
            and years.source = '*'
            and years.fiscal_year::varchar = targets.period

)

select
    kpi,
    project,
    source,
    fiscal_year,
    quarter_count,
    is_complete,
    is_sealed,

    value,
    counted_count as n,
    row_count - counted_count as left_out_count,
    counted_count / nullif(counted_count + gap_count, 0) as coverage_ratio,
    numerator,
    denominator,
    min_value,
    median_value,
    p75_value,
    p90_value,
    max_value,

    year_before_value,
    round(value - year_before_value, 6) as change_from_year_before,
    round(100 * change_from_year_before / nullif(abs(year_before_value), 0), 6)
        as change_from_year_before_percent,
    target,
    target_status
from compared
