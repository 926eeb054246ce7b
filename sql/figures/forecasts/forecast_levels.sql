-- The finished work and the open issues of each project at the end of each week: changes, and
-- the level that was reached.
--
-- finished is a running total of finished work, open_issues the number of open issues.
--
-- grain: project, measure, weeks_back
with

changes as (

    select
        project,
        week_starts_on,
        row_number() over (partition by project order by week_starts_on desc) - 1
            as weeks_back,
        unnest(['finished', 'open_issues']) as measure,
        unnest([finished_count, opened_count - closed_count]) as week_change
    from figures.weekly_flows

)

select
    project,
    measure,
    weeks_back,
    week_starts_on,
    week_change,
    sum(week_change) over (partition by project, measure order by week_starts_on)::bigint
        as level
from changes
