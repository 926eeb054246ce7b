-- Every closing of an issue while it was in its tracker: by whom, by what, after how
-- long.
--
-- The time runs from the issue's opening, in whichever tracker that was.
--
-- grain: tracker_source, issue_number, state_number
with

closings as (

    select * from facts.issue_states
    where began_by = 'closed'

),

issue_closures as (

    select
        closings.source,
        closings.tracker_source,
        closings.issue_number,
        closings.state_number,

        closings.valid_from_evidence as closing_evidence,
        coalesce(
            events.actor_login,
            case when closings.valid_to_at is null then issues.closed_by_login end
        ) as closed_by_login,
        events.commit_hash as closed_by_commit_hash,
        closers.closed_by_change_request_number,
        greatest(
            date_sub('second', issues.created_at, closings.valid_from_at), 0
        ) as close_seconds,
        coalesce(
            events.state_reason,
            case when closings.valid_to_at is null then issues.state_reason end
        ) as state_reason,

        closings.valid_from_at as closed_at,
        case when closings.ended_by = 'reopened' then closings.valid_to_at end
            as reopened_at,
        closings.quarter,
        closings.quarter_starts_on
    from closings
    inner join staging.issues as issues
        on
            closings.tracker_source = issues.tracker_source
            and closings.issue_number = issues.issue_number
    left join facts.item_events as events
        on
            closings.tracker_source = events.tracker_source
            and closings.issue_number = events.item_number
            and closings.began_by_event_id = events.event_id
            and events.item_kind = 'issue'
    left join intermediate.issue_closers as closers
        on
            closings.tracker_source = closers.tracker_source
            and closings.issue_number = closers.issue_number
            and closings.began_by_event_id = closers.event_id

)

select * from issue_closures
