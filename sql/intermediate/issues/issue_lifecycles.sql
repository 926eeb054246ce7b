-- What the whole history of each issue comes to: closings, reopenings, leaving.
--
-- An issue is open or closed as its history has it, which its own state field may
-- contradict; one that has left its tracker is not open there.
--
-- grain: tracker_source, issue_number
with

states as (

    select
        tracker_source,
        issue_number,
        arg_max(state, state_number) as last_state,
        bool_or(valid_to_at is null and state = 'open') as is_open,
        count(*) filter (where began_by = 'reopened') as reopen_count
    from facts.issue_states
    group by tracker_source, issue_number

),

first_closures as (

    select
        tracker_source,
        issue_number,
        min(closed_at) as first_closed_at,
        min(close_seconds) as first_close_seconds
    from intermediate.issue_closures
    group by tracker_source, issue_number

),

lifecycles as (

    select
        stays.source,
        stays.tracker_source,
        stays.issue_number,

        states.last_state,
        states.is_open,
        states.reopen_count,
        first_closures.first_close_seconds,
        closures.closing_evidence,
        closures.closed_by_login,
        closures.closed_by_commit_hash,
        closures.closed_by_change_request_number,
        closures.close_seconds,

        stays.began_by,
        stays.ended_by,
        stays.here_to_at,
        first_closures.first_closed_at,
        closures.closed_at
    from intermediate.issue_tracker_memberships as stays
    inner join states
        on
            stays.tracker_source = states.tracker_source
            and stays.issue_number = states.issue_number
    left join first_closures
        on
            stays.tracker_source = first_closures.tracker_source
            and stays.issue_number = first_closures.issue_number
    left join intermediate.issue_closures as closures
        on
            stays.tracker_source = closures.tracker_source
            and stays.issue_number = closures.issue_number
            and closures.reopened_at is null

)

select * from lifecycles
