-- What came to and went from the open issues of each project and repository in each
-- quarter, of the issues that count by the project's rules.
--
-- Each open state of an issue came once and, if it ended, went once. What stands at a
-- quarter's end is all that came before that instant without what went. What came and went
-- while the project was not active does not count: the start is that of the project's
-- activity if this begins later, and a quarter outside it has no issues.
--
-- grain: project, source, quarter
with

flows as (

    select
        issues.project,
        issues.source,
        issues.active_from_at,
        issues.active_until_at,
        unnest([states.began_by, states.ended_by]) as flow,
        unnest([states.valid_from_at, states.valid_to_at]) as happened_at
    from facts.issue_states as states
    inner join intermediate.counted_issues as issues
        on
            states.tracker_source = issues.tracker_source
            and states.issue_number = issues.issue_number
    where states.state = 'open'

),

timed as (

    select
        *,
        case
            when flow in ('opened', 'reopened', 'moved_in') then 1
            when flow in ('closed', 'moved_out', 'deleted') then -1
        end as growth,
        happened_at >= active_from_at as is_after_start,
        is_after_start and happened_at < active_until_at as is_counted
    from flows

),

counted as (

    select
        timed.project,
        timed.source,
        quarters.quarter,
        count(*) filter (where timed.flow = 'opened' and timed.is_counted) as opened_count,
        count(*) filter (where timed.flow = 'closed' and timed.is_counted) as closed_count,
        count(*) filter (where timed.flow = 'reopened' and timed.is_counted)
            as reopened_count,
        count(*) filter (where timed.flow = 'moved_in' and timed.is_counted)
            as moved_in_count,
        count(*) filter (where timed.flow = 'moved_out' and timed.is_counted)
            as moved_out_count,
        count(*) filter (where timed.flow = 'deleted' and timed.is_counted)
            as deleted_count,
        sum(timed.growth) as growth,
        sum(timed.growth) filter (where timed.is_after_start) as growth_after_start
    from timed
    inner join staging.quarter_years as quarters
        on
            year(timed.happened_at) = quarters.in_year
            and timed.happened_at >= quarters.starts_at
            and timed.happened_at < quarters.ends_at
    group by timed.project, timed.source, quarters.quarter

),

flow_quarters as (

    select
        owned.project,
        quarters.source,
        quarters.quarter,
        quarters.quarter_starts_on,
        quarters.is_complete,
        bounds.starts_at < coalesce(periods.active_until_at, 'infinity'::timestamptz)
        and bounds.ends_at > coalesce(periods.active_from_at, '-infinity'::timestamptz)
            as is_active,

        coalesce(counted.opened_count, 0) as opened_count,
        coalesce(counted.closed_count, 0) as closed_count,
        coalesce(counted.reopened_count, 0) as reopened_count,
        coalesce(counted.moved_in_count, 0) as moved_in_count,
        coalesce(counted.moved_out_count, 0) as moved_out_count,
        coalesce(counted.deleted_count, 0) as deleted_count,
        sum(coalesce(counted.growth, 0)) over in_order as open_count,
        coalesce(counted.growth_after_start, 0) as growth_count
    from facts.tracker_quarters as quarters
    inner join settings.quarters as bounds on quarters.quarter = bounds.quarter
    inner join facts.project_repositories as owned
        on quarters.source = owned.source and owned.is_whole
    left join intermediate.project_periods as periods on owned.project = periods.project
    left join counted
        on
            owned.project = counted.project
            and quarters.source = counted.source
            and quarters.quarter = counted.quarter
    window
        in_order as (
            partition by owned.project, quarters.source
            order by quarters.quarter_starts_on
        )

)

select
    * exclude (is_active, open_count, growth_count),
    case when is_active then open_count else 0 end::bigint as open_at_end_count,
    case when is_active then open_count - growth_count else 0 end::bigint
        as open_at_start_count
from flow_quarters
