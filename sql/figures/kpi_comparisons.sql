-- What each figure is compared with: the quarter before, the year before, and the
-- target. An amount of a period that is not over is compared with its target alone.
--
-- grain: kpi, project, source, period
select
    periods.kpi,
    periods.project,
    periods.source,
    periods.period,
    periods.is_growing,
    quarter_before.value as quarter_before_value,
    if(
        periods.is_growing, null, round(periods.value - quarter_before_value, 6)
    ) as change_from_quarter_before,
    round(100 * change_from_quarter_before / nullif(abs(quarter_before_value), 0), 6)
        as change_from_quarter_before_percent,
    year_before.value as year_before_value,
    if(
        periods.is_growing, null, round(periods.value - year_before_value, 6)
    ) as change_from_year_before,
    round(100 * change_from_year_before / nullif(abs(year_before_value), 0), 6)
        as change_from_year_before_percent,
    targets.target,
    targets.target_status
from figures.kpi_periods as periods
left join figures.kpi_periods as quarter_before
    on
        periods.periods_in_year = 4
        and periods.kpi = quarter_before.kpi
        and periods.project = quarter_before.project
        and periods.source = quarter_before.source
        and quarter_before.periods_in_year = 4
        and periods.period_number - 1 = quarter_before.period_number
left join figures.kpi_periods as year_before
    on
        periods.kpi = year_before.kpi
        and periods.project = year_before.project
        and periods.source = year_before.source
        and periods.periods_in_year = year_before.periods_in_year
        and periods.period_number - periods.periods_in_year = year_before.period_number
left join figures.kpi_target_status as targets
    on
        periods.kpi = targets.kpi
        and periods.project = targets.project
        and periods.source = '*'
        and periods.period = targets.period
