-- The figure of each KPI in each repository, project and all projects, by quarter and
-- by fiscal year, in the KPI's unit.
--
-- Figures are rounded to six decimals, so that they are the same everywhere.
--
-- grain: stage, kpi, project, source, period
select
    sums.stage,
    sums.kpi,
    sums.project,
    sums.source,
    sums.period,
    sums.row_count,
    sums.counted_count,
    sums.gap_count,
    sums.numerator,
    sums.denominator,
    round(
        case kpis.kind
            when 'count' then sums.counted_count
            when 'sum' then coalesce(sums.total, 0)
            when 'distinct' then coalesce(subjects.subject_count, 0)
            when 'half' then subjects.half_count
            when 'ratio' then sums.numerator / nullif(sums.denominator, 0)
            when 'mean' then spread.mean_value / kpis.unit_size
            when 'median' then spread.quantiles[1] / kpis.unit_size
            when 'longest' then spread.max_value / kpis.unit_size
        end,
        6
    ) as value,
    round(spread.min_value / kpis.unit_size, 6) as min_value,
    round(spread.max_value / kpis.unit_size, 6) as max_value,
    round(spread.quantiles[1] / kpis.unit_size, 6) as median_value,
    round(spread.quantiles[2] / kpis.unit_size, 6) as p75_value,
    round(spread.quantiles[3] / kpis.unit_size, 6) as p90_value
from figures.kpi_sums as sums
inner join settings.kpis as kpis on sums.kpi = kpis.kpi
left join figures.kpi_distributions as spread
    on
        sums.stage = spread.stage
        and sums.kpi = spread.kpi
        and sums.project = spread.project
        and sums.source = spread.source
        and sums.period = spread.period
left join figures.kpi_subjects as subjects
    on
        sums.stage = subjects.stage
        and sums.kpi = subjects.kpi
        and sums.project = subjects.project
        and sums.source = subjects.source
        and sums.period = subjects.period
