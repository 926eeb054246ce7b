-- Every KPI in every fiscal year: of each repository, of each project, and of all.
--
-- Over all rows of the year's published quarters, so that the counts and sums of its
-- quarters add up to it; a figure that measures a quarter's end is that of the last
-- quarter. All repositories of a project, and all projects, are called *.
--
-- grain: kpi, project, source, fiscal_year
-- export: whole
select
    years.kpi,
    years.project,
    years.source,
    years.fiscal_year,
    years.quarter_count,
    years.source = '*' as is_total,
    years.is_complete,
    years.is_sealed,

    years.value,
    years.counted_count as n,
    years.row_count - years.counted_count as left_out_count,
    years.counted_count / nullif(years.counted_count + years.gap_count, 0)
        as coverage_ratio,
    years.numerator,
    years.denominator,
    years.min_value,
    years.median_value,
    years.p75_value,
    years.p90_value,
    years.max_value,

    compared.year_before_value,
    compared.change_from_year_before,
    compared.change_from_year_before_percent,
    compared.is_growing,
    compared.target,
    compared.target_status
from figures.kpi_years as years
inner join figures.kpi_comparisons as compared
    on
        years.kpi = compared.kpi
        and years.project = compared.project
        and years.source = compared.source
        and years.fiscal_year::varchar = compared.period
