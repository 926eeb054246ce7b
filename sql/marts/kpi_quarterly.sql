-- Every KPI in every quarter: of each repository, of each project, and of all.
--
-- All repositories of a project, and all projects, are called *. A sealed quarter shows
-- its sealed figures; what became of them since stands beside them, and by cause in
-- kpi_restatements. Coverage is the share of the rows that should count of which enough
-- is known to count them.
--
-- grain: kpi, project, source, quarter
-- export: by quarter
with

figures as (

    select
        published.*,
        quarters.starts_on,
        quarters.fiscal_year,
        quarters.fiscal_year * 4 + quarters.fiscal_quarter as quarter_number
    from steps.kpi_published as published
    inner join settings.quarters as quarters on published.quarter = quarters.quarter

),

restated as (

    select
        kpi,
        project,
        source,
        quarter,
        arg_max(is_value, cause_number) as value_now
    from marts.kpi_restatements
    group by kpi, project, source, quarter

),

compared as (

    select
        figures.*,
        quarter_before.value as quarter_before_value,
        year_before.value as year_before_value,
        restated.kpi is not null as is_restated,
        if(is_restated, restated.value_now, figures.value) as value_now,
        targets.target,
        targets.target_status
    from figures
    left join figures as quarter_before
        on
            figures.kpi = quarter_before.kpi
            and figures.project = quarter_before.project
            and figures.source = quarter_before.source
            and figures.quarter_number - 1 = quarter_before.quarter_number
    left join figures as year_before
        on
            figures.kpi = year_before.kpi
            and figures.project = year_before.project
            and figures.source = year_before.source
            and figures.quarter_number - 4 = year_before.quarter_number
    left join restated
        on
            figures.kpi = restated.kpi
            and figures.project = restated.project
            and figures.source = restated.source
            and figures.quarter = restated.quarter
    left join steps.kpi_target_status as targets
        on
            figures.kpi = targets.kpi
            and figures.project = targets.project
            and figures.source = '*'
            and figures.quarter = targets.period

)

select
    kpi,
    project,
    source,
    quarter,
    starts_on as quarter_starts_on,
    fiscal_year,
    is_complete,
    is_sealed,
    is_restated,

    value,
    value_now,
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

    quarter_before_value,
    round(value - quarter_before_value, 6) as change_from_quarter_before,
    round(100 * change_from_quarter_before / nullif(abs(quarter_before_value), 0), 6)
        as change_from_quarter_before_percent,
    year_before_value,
    round(value - year_before_value, 6) as change_from_year_before,
    round(100 * change_from_year_before / nullif(abs(year_before_value), 0), 6)
        as change_from_year_before_percent,
    target,
    target_status
from compared
