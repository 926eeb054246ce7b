-- The events that closed or reopened an issue while it was in its tracker, or before it
-- came.
--
-- Events after an issue has left are not heard, nor is the closing that a move brings
-- about.
--
-- grain: tracker_source, issue_number, event_number
with

state_events as (

    select
        stays.source,
        stays.tracker_source,
        stays.issue_number,
        row_number() over (
            partition by stays.tracker_source, stays.issue_number
            order by events.happened_at, length(events.event_id), events.event_id
        ) as event_number,
        events.event_id,

        if(events.event_kind = 'closed', 'closed', 'open') as state,
        stays.began_by = 'moved_in' and events.happened_at < stays.here_from_at
            as is_before_arrival,
        greatest(
            events.happened_at,
            case when not is_before_arrival then stays.here_from_at end
        ) as happened_at
    from intermediate.issue_tracker_memberships as stays
    inner join facts.item_events as events
        on
            stays.tracker_source = events.tracker_source
            and stays.issue_number = events.item_number
    where
        events.item_kind = 'issue'
        and events.event_kind in ('closed', 'reopened')
        and events.happened_at < coalesce(stays.heard_until_at, 'infinity'::timestamptz)

)

select * from state_events
