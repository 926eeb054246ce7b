-- How many issues were opened and closed, and how much work was finished, in each week of
-- each project, up to the last week that is over.
--
-- The issues are those that count by the project's rules, and finished is what counts in the
-- KPI throughput. Opened includes reopened and moved in, closed includes moved out and
-- deleted, so that they add up to what is open at the week's end. Weeks are local, from
-- Monday. Projects that own only a part of a tracker, or whose trackers were not completely
-- polled, have no weeks.
--
-- grain: project, week_starts_on
with

zones as (select any_value(time_zone) as time_zone from settings.quarters),

polls as (

    select
        owned.project,
        any_value(zones.time_zone) as time_zone,
        least(
            min(batches.last_observed_at),
            any_value(coalesce(periods.active_until_at, 'infinity'::timestamptz))
        ) as known_until_at
    from facts.project_repositories as owned
    inner join staging.trackers as trackers on owned.source = trackers.source
    left join staging.batches as batches on trackers.tracker_source = batches.source
    left join intermediate.project_periods as periods on owned.project = periods.project
    cross join zones
    where owned.is_whole
    group by owned.project
    having count(*) = count(batches.last_observed_at)

),

intervals as (

    select
        counted.project,
        states.valid_from_at,
        states.valid_to_at
    from facts.issue_states as states
    inner join intermediate.counted_issues as counted
        on
            states.tracker_source = counted.tracker_source
            and states.issue_number = counted.issue_number
    where states.state = 'open'

),

turns (project, happened_at, opened_count, closed_count, finished_count) as (

    select
        project,
        unnest([valid_from_at, valid_to_at]),
        unnest([1, 0]),
        unnest([0, 1]),
        0
    from intervals

    union all

    select
        project,
        happened_at,
        0,
        0,
        1
    from kpis.evidence
    where kpi = 'throughput' and reason = 'counted'

),

counted as (

    select
        turns.project,
        date_trunc('week', timezone(polls.time_zone, turns.happened_at))::date
            as week_starts_on,
        sum(turns.opened_count)::bigint as opened_count,
        sum(turns.closed_count)::bigint as closed_count,
        sum(turns.finished_count)::bigint as finished_count
    from turns
    inner join polls on turns.project = polls.project
    where turns.happened_at < polls.known_until_at
    group by all

),

weeks as (

    select
        polls.project,
        unnest(generate_series(
            min(counted.week_starts_on)::timestamp,
            date_trunc('week', timezone(min(polls.time_zone), min(polls.known_until_at)))
            - interval 7 day,
            interval 7 day
        ))::date as week_starts_on
    from polls
    inner join counted on polls.project = counted.project
    group by polls.project

)

select
    weeks.project,
    weeks.week_starts_on,
    coalesce(counted.opened_count, 0) as opened_count,
    coalesce(counted.closed_count, 0) as closed_count,
    coalesce(counted.finished_count, 0) as finished_count,
    sum(coalesce(counted.opened_count, 0) - coalesce(counted.closed_count, 0)) over (
        partition by weeks.project order by weeks.week_starts_on
    )::bigint as open_at_end_count
from weeks
left join counted
    on weeks.project = counted.project and weeks.week_starts_on = counted.week_starts_on
