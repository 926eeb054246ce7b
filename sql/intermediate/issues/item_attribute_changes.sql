-- When each label, milestone and assignee truly came to an issue or change request, or
-- went from it, and how that is known.
--
-- What an event takes away that none had brought was there since the opening. The
-- fields come last where they share an instant with an event.
--
-- grain: tracker_source, item_kind, item_number, attribute, attribute_value, event_number
with

told as (

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
        told.tracker_source,
        told.item_kind,
        told.item_number,
        told.attribute,
        told.attribute_value,
        told.event_number,
        told.is_set,
        told.evidence,
        case
            when told.evidence = 'opening' then items.created_at
            else greatest(told.happened_at, items.created_at)
        end as changed_at
    from told
    inner join staging.items as items
        on
            told.tracker_source = items.tracker_source
            and told.item_kind = items.item_kind
            and told.item_number = items.item_number

)

select * from changes
qualify
    is_set is distinct from lag(is_set) over (
        partition by tracker_source, item_kind, item_number, attribute, attribute_value
        order by changed_at, event_number
    )
