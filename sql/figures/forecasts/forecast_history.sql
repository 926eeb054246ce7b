-- What forecasts draw from: at each origin, the changes of the 26 weeks before, at least 8, and
-- the level that was reached.
--
-- The origin 0 is the end of the last week; the others are every fourth week before, to
-- compare their forecasts with what came.
--
-- grain: project, measure, weeks_back
with

origins as (select unnest(range(0, 53, 4)) as weeks_back)

select
    levels.project,
    levels.measure,
    origins.weeks_back,
    max(levels.week_starts_on) + 7 as forecast_from_on,
    list(levels.week_change order by levels.week_starts_on) as week_changes,
    arg_max(levels.level, levels.week_starts_on) as level
from figures.forecast_levels as levels
inner join origins
    on
        levels.weeks_back >= origins.weeks_back
        and levels.weeks_back < origins.weeks_back + 26
group by levels.project, levels.measure, origins.weeks_back
having count(*) >= 8
