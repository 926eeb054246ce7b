-- The intervals of the forecasts of each origin: between which values half, four of five and
-- nineteen of twenty courses are.
--
-- A course draws each of its weeks from the weeks of the history, with equal chances. Nothing
-- is less than zero open issues.
--
-- grain: project, measure, weeks_back, weeks_ahead
with

courses as (

    select
        history.project,
        history.measure,
        history.weeks_back,
        history.forecast_from_on,
        history.level,
        draws.weeks_ahead,
        len(history.week_changes) as history_week_count,
        history.level + sum(
            history.week_changes[1 + floor(draws.draw * len(history.week_changes))::bigint]
        ) over (
            partition by
                history.project, history.measure, history.weeks_back, draws.course_number
            order by draws.weeks_ahead
        ) as reached
    from figures.forecast_history as history
    inner join figures.forecast_draws as draws
        on history.weeks_back = 0 or history.weeks_back >= draws.weeks_ahead

)

select
    project,
    measure,
    weeks_back,
    weeks_ahead,
    forecast_from_on,
    level,
    history_week_count,
    quantile_disc(greatest(reached, 0), [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975])::bigint[]
        as bounds
from courses
group by
    project, measure, weeks_back, weeks_ahead, forecast_from_on, level, history_week_count
