-- How many issues were opened and closed, and how much work was finished, in each week of
-- each project, up to the last week that is over.
--
-- The issues are those that count by the project's rules, and finished is what counts in the
-- KPI throughput. Opened includes reopened and moved in, closed includes moved out and
-- deleted, so that they add up to what is open at the week's end. Weeks are local, from
-- Monday.
--
-- grain: project, week_starts_on
-- export: whole
-- made: as a view
select
    project,
    week_starts_on,
    opened_count as week_opened_count,
    closed_count as week_closed_count,
    finished_count as week_finished_count,
    open_at_end_count as open_at_week_end_count
from figures.weekly_flows
