-- Between which instants each change request was open or closed, merged ones until then.
--
-- As its events have it, of one instant the last. Where its field says otherwise in the
-- end, an event is missing, and the field holds since it was closed or last changed.
--
-- grain: tracker_source, change_request_number, valid_from
with

recorded_states as (

    select
        tracker_source,
        change_request_number,
        opened_at as turned_at,
        '' as event_id,
        'open' as state
    from facts.change_requests

    union all

    select
        tracker_source,
        item_number as change_request_number,
        happened_at as turned_at,
        event_id,
        if(event_kind = 'closed', 'closed', 'open') as state
    from facts.item_events
    where item_kind = 'change_request' and event_kind in ('closed', 'reopened')

    union all

    select
        tracker_source,
        change_request_number,
        coalesce(abandoned_at, updated_at) as turned_at,
        '' as event_id,
        if(change_request_state = 'abandoned', 'closed', 'open') as state
    from facts.change_requests
    where merged_at is null

),

turns as (

    select
        tracker_source,
        change_request_number,
        turned_at,
        arg_max(state, (length(event_id), event_id, state)) as turned_to
    from recorded_states
    group by tracker_source, change_request_number, turned_at
    qualify turned_to is distinct from lag(turned_to) over (
        partition by tracker_source, change_request_number order by turned_at
    )

)

select
    tracker_source,
    change_request_number,
    turned_to as state,
    turned_at as valid_from,
    lead(turned_at) over (
        partition by tracker_source, change_request_number order by turned_at
    ) as valid_to
from turns
