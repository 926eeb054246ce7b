-- Every KPI in every quarter: of each repository, of each project, and of all.
--
-- All repositories of a project, and all projects, are called *: these rows are totals of
-- others, and kpi_leaves_quarterly has none. A sealed quarter has its sealed figures; other
-- columns have the figures of today, and kpi_restatements has the differences by cause.
-- Coverage is the share of the rows that should count of which enough is known to count
-- them.
--
-- grain: kpi, project, source, quarter
-- export: by quarter
with

restated as (

    select
        kpi,
        project,
        source,
        quarter,
        arg_max_null(is_value, cause_number) as value_now
    from marts.kpi_restatements
    group by kpi, project, source, quarter

)

select
    figures.kpi,
    figures.project,
    figures.source,
    figures.quarter,
    quarters.starts_on as quarter_starts_on,
    quarters.fiscal_year,
    figures.source = '*' as is_total,
    figures.is_complete,
    figures.is_sealed,
    restated.kpi is not null
    and (restated.value_now is distinct from figures.value) as is_restated,

    figures.value,
    if(restated.kpi is null, figures.value, restated.value_now) as value_now,
    figures.counted_count as n,
    figures.row_count - figures.counted_count as left_out_count,
    figures.counted_count / nullif(figures.counted_count + figures.gap_count, 0)
        as coverage_ratio,
    figures.numerator,
    figures.denominator,
    figures.min_value,
    figures.median_value,
    figures.p75_value,
    figures.p90_value,
    figures.max_value,

    compared.quarter_before_value,
    compared.change_from_quarter_before,
    compared.change_from_quarter_before_percent,
    compared.year_before_value,
    compared.change_from_year_before,
    compared.change_from_year_before_percent,
    compared.is_growing,
    compared.target,
    compared.target_status
from figures.kpi_published as figures
inner join settings.quarters as quarters on figures.quarter = quarters.quarter
inner join figures.kpi_comparisons as compared
    on
        figures.kpi = compared.kpi
        and figures.project = compared.project
        and figures.source = compared.source
        and figures.quarter = compared.period
left join restated
    on
        figures.kpi = restated.kpi
        and figures.project = restated.project
        and figures.source = restated.source
        and figures.quarter = restated.quarter
