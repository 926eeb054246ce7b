-- Between which instants each change request was open or closed, merged ones until then.
--
-- As its events have it. Where its field says otherwise in the end, an event is missing,
-- and the field holds since it was closed or last changed.
--
-- grain: tracker_source, change_request_number, valid_from
with

told as (

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

),

last_told as (

    select
        tracker_source,
        change_request_number,
        arg_max(state, (turned_at, length(event_id), event_id)) as state
    from told
    group by tracker_source, change_request_number

),

turns as (

    select * from told

    union all

    select
        requests.tracker_source,
        requests.change_request_number,
        coalesce(requests.abandoned_at, requests.updated_at) as turned_at,
        'field' as event_id,
        if(requests.state = 'abandoned', 'closed', 'open') as state
    from facts.change_requests as requests
    inner join last_told
        on
            requests.tracker_source = last_told.tracker_source
            and requests.change_request_number = last_told.change_request_number
    where
        requests.merged_at is null
        and (requests.state = 'abandoned') != (last_told.state = 'closed')

)

select
    tracker_source,
    change_request_number,
    state,
    turned_at as valid_from,
    lead(turned_at) over (
        partition by tracker_source, change_request_number
        order by turned_at, length(event_id), event_id
    ) as valid_to
from turns
