-- How much work will be finished, and how many issues will be open, in each of the next 13
-- weeks: intervals, and how often such intervals were right before.
--
-- Each of 250 courses draws its weeks from those of the last 26 of the project, at least 8, the
-- same ones in every build. So an interval says what happens if the next weeks are like the
-- last: it knows no plans, no holidays and no new people. The back-test made the same
-- forecasts at earlier ends of weeks, every fourth of a year, and counts how many of them had
-- the value that came in the interval.
--
-- grain: project, forecast_measure, weeks_ahead
-- export: whole
with

bounds as (select * from figures.forecast_bounds),

-- What came: the level at the end of the week that was forecast.
tested as (

    select
        bounds.project,
        bounds.measure,
        bounds.weeks_ahead,
        bounds.bounds,
        came.level
    from bounds
    inner join figures.forecast_levels as came
        on
            bounds.project = came.project
            and bounds.measure = came.measure
            and bounds.weeks_back - bounds.weeks_ahead = came.weeks_back

),

tests as (

    select
        project,
        measure,
        weeks_ahead,
        count(*) as backtest_count,
        avg((level between bounds[3] and bounds[5])::int) as backtest_50_ratio,
        avg((level between bounds[2] and bounds[6])::int) as backtest_80_ratio,
        avg((level between bounds[1] and bounds[7])::int) as backtest_95_ratio
    from tested
    group by project, measure, weeks_ahead

),

-- Work is finished from now on; issues are open in all.
forecasts as (

    select
        *,
        case measure when 'finished' then level else 0 end as before_count
    from bounds
    where weeks_back = 0

)

select
    forecasts.project,
    forecasts.measure as forecast_measure,
    forecasts.weeks_ahead,
    forecasts.forecast_from_on,
    forecasts.forecast_from_on + (forecasts.weeks_ahead * 7 - 1)::integer as forecast_until_on,
    forecasts.history_week_count,

    forecasts.level - forecasts.before_count as value_at_start,
    forecasts.bounds[1] - forecasts.before_count as low_95_value,
    forecasts.bounds[2] - forecasts.before_count as low_80_value,
    forecasts.bounds[3] - forecasts.before_count as low_50_value,
    forecasts.bounds[4] - forecasts.before_count as median_forecast_value,
    forecasts.bounds[5] - forecasts.before_count as high_50_value,
    forecasts.bounds[6] - forecasts.before_count as high_80_value,
    forecasts.bounds[7] - forecasts.before_count as high_95_value,

    coalesce(tests.backtest_count, 0) as backtest_count,
    tests.backtest_50_ratio,
    tests.backtest_80_ratio,
    tests.backtest_95_ratio
from forecasts
left join tests
    on
        forecasts.project = tests.project
        and forecasts.measure = tests.measure
        and forecasts.weeks_ahead = tests.weeks_ahead
