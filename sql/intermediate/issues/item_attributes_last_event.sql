-- The last event of each label, milestone and assignee; those that only the newest fields
-- name were never set by an event.
--
-- grain: tracker_source, item_kind, item_number, attribute, attribute_value
with

last_events as (

    select
        tracker_source,
        item_kind,
        item_number,
        attribute,
        attribute_value,
        arg_max(is_set, event_number) as was_set,
        max(happened_at) as last_event_at
    from intermediate.item_attribute_events
    group by tracker_source, item_kind, item_number, attribute, attribute_value

    union all

    select
        found.tracker_source,
        found.item_kind,
        found.item_number,
        found.attribute,
        found.attribute_value,
        false as was_set,
        null as last_event_at
    from intermediate.item_attribute_versions as found
    anti join intermediate.item_attribute_events as events
        on
            found.tracker_source = events.tracker_source
            and found.item_kind = events.item_kind
            and found.item_number = events.item_number
            and found.attribute = events.attribute
            and found.attribute_value = events.attribute_value
    where found.is_newest

)

select * from last_events
