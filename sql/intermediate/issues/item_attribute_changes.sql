-- When each label, milestone and assignee truly came to an issue or change request, or
-- went from it, and how that is known.
--
-- What an event takes away that none had brought was there since the opening. The
-- fields come last where they share an instant with an event.
--
-- grain: tracker_source, item_kind, item_number, attribute, attribute_value, event_number
with

attribute_records as (

    select
        *,
        'event' as evidence
    from intermediate.item_attribute_events

    union all by name

    select
        * replace (0 as event_number, true as is_set),
        'opening' as evidence
    from intermediate.item_attribute_events
    where event_number = 1 and not is_set

    union all by name

    select
        * exclude (is_since_opening),
        9e9::bigint as event_number,
        if(is_since_opening, 'opening', 'state_field') as evidence
    from intermediate.item_attributes_by_field

),

changes as (

    select
        items.source,
        attribute_records.tracker_source,
        attribute_records.item_kind,
        attribute_records.item_number,
        attribute_records.attribute,
        attribute_records.attribute_value,
        attribute_records.event_number,
        attribute_records.is_set,
        attribute_records.evidence,
        case
            when attribute_records.evidence = 'opening' then items.created_at
            else greatest(attribute_records.happened_at, items.created_at)
        end as changed_at
    from attribute_records
    inner join staging.items as items
        on
            attribute_records.tracker_source = items.tracker_source
            and attribute_records.item_kind = items.item_kind
            and attribute_records.item_number = items.item_number

)

select * from changes
qualify
    is_set is distinct from lag(is_set) over (
        partition by tracker_source, item_kind, item_number, attribute, attribute_value
        order by changed_at, event_number
    )
