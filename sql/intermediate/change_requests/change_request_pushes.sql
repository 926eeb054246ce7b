-- How often each change request was force-pushed until it was merged.
--
-- grain: tracker_source, change_request_number
select
    events.source,
    events.tracker_source,
    events.item_number as change_request_number,
    count(*) as force_push_count
from facts.item_events as events
left join intermediate.merged_change_requests as merged
    on
        events.tracker_source = merged.tracker_source
        and events.item_number = merged.change_request_number
where
    events.item_kind = 'change_request'
    and events.event_kind = 'force_pushed'
    and events.happened_at <= coalesce(merged.merged_at, 'infinity'::timestamptz)
group by events.source, events.tracker_source, events.item_number
