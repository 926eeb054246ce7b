-- Open at the start plus inflow less outflow is open at the end. That is also the next
-- quarter's start, and what the intervals of the states of issues that count give. A
-- project that was active at some times only is excluded: its quarters begin and end with it.
with

quarters as (

    select
        project,
        source,
        quarter,
        open_at_start_count,
        opened_count,
        reopened_count,
        moved_in_count,
        closed_count,
        moved_out_count,
        deleted_count,
        open_at_end_count,
        lag(open_at_end_count, 1, 0) over (
            partition by project, source
            order by quarter_starts_on
        ) as open_before_count
    from marts.issue_closure_quarterly
    where project not in (select periods.project from intermediate.project_periods as periods)

),

held as (

    select
        quarters.project,
        quarters.source,
        quarters.quarter,
        count(*) as held_count
    from quarters
    inner join settings.quarters as bounds on quarters.quarter = bounds.quarter
    inner join facts.issue_states as states
        on
            quarters.source = states.source
            and bounds.ends_at > states.valid_from_at
            and coalesce(states.valid_to_at, 'infinity'::timestamptz) >= bounds.ends_at
    inner join intermediate.counted_issues as issues
        on
            quarters.project = issues.project
            and states.tracker_source = issues.tracker_source
            and states.issue_number = issues.issue_number
    where states.state = 'open'
    group by quarters.project, quarters.source, quarters.quarter

)

select
    quarters.*,
    held.held_count
from quarters
left join held
    on
        quarters.project = held.project
        and quarters.source = held.source
        and quarters.quarter = held.quarter
where
    quarters.open_at_start_count != quarters.open_before_count
    or quarters.open_at_end_count != coalesce(held.held_count, 0)
    or quarters.open_at_end_count
    != quarters.open_at_start_count
    + quarters.opened_count + quarters.reopened_count + quarters.moved_in_count
    - quarters.closed_count - quarters.moved_out_count - quarters.deleted_count
