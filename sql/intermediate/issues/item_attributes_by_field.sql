-- The labels, milestones and assignees whose fields contradict their events, and the
-- instant of the change.
--
-- The newest fields are used where they contradict the last event and the tracker
-- changed the item after it. The change happened when a version first had the value; a
-- value of the first known version without any event was set at the opening.
--
-- grain: tracker_source, item_kind, item_number, attribute, attribute_value
with

versions as (

    select
        last_events.*,
        versions.is_newest,
        versions.stated_at,
        found.attribute_value is not null as has_value
    from intermediate.item_attributes_last_event as last_events
    inner join staging.item_versions as versions
        on
            last_events.tracker_source = versions.tracker_source
            and last_events.item_kind = versions.item_kind
            and last_events.item_number = versions.item_number
            and versions.stated_at > coalesce(last_events.last_event_at, '-infinity'::timestamptz)
    left join intermediate.item_attribute_versions as found
        on
            versions.tracker_source = found.tracker_source
            and versions.item_kind = found.item_kind
            and versions.item_number = found.item_number
            and versions.batch = found.batch
            and last_events.attribute = found.attribute
            and last_events.attribute_value = found.attribute_value

),

by_field as (

    select
        tracker_source,
        item_kind,
        item_number,
        attribute,
        attribute_value,
        not was_set as is_set,
        last_event_at is null and arg_min(has_value, stated_at) as is_since_opening,
        min(stated_at) filter (where has_value != was_set) as happened_at
    from versions
    group by
        tracker_source,
        item_kind,
        item_number,
        attribute,
        attribute_value,
        was_set,
        last_event_at
    having bool_or(is_newest and has_value != was_set)

)

select * from by_field
