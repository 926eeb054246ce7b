-- The figure of every KPI in every quarter in which it has one, if only a zero.
--
-- Of a sealed quarter it is the one of the seal. Where nothing happened, counts and sums
-- are zero; all else is unknown.
--
-- grain: kpi, project, source, quarter
with

figures_now as (

    select
        spine.kpi,
        spine.project,
        spine.source,
        spine.quarter,
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
        figures.p90_value,
        spine.is_complete
    from figures.kpi_quarters as spine
    inner join settings.kpis as kpis on spine.kpi = kpis.kpi
    left join figures.kpi_figures as figures
        on
            figures.stage = 0
            and spine.kpi = figures.kpi
            and spine.project = figures.project
            and spine.source = figures.source
            and spine.quarter = figures.period
    anti join sealed.scopes as scopes
        on
            spine.kpi = scopes.kpi
            and spine.project = scopes.project
            and spine.quarter = scopes.quarter

)

select
    *,
    false as is_sealed
from figures_now

union all by name

select
    *,
    true as is_sealed
from sealed.figures
