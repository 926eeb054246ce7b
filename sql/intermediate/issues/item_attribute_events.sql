-- Labels, milestones and assignees by events: when each was set and removed.
--
-- A milestone that is set ends the one that was set before it.
--
-- grain: tracker_source, item_kind, item_number, attribute, attribute_value, event_number
with

kinds (event_kind, attribute, is_set) as (

    values
    ('labeled', 'label', true),
    ('unlabeled', 'label', false),
    ('milestoned', 'milestone', true),
    ('demilestoned', 'milestone', false),
    ('assigned', 'assignee', true),
    ('unassigned', 'assignee', false)

),

events as (

    select
        events.tracker_source,
        events.item_kind,
        events.item_number,
        events.event_id,
        kinds.attribute,
        case kinds.attribute
            when 'label' then events.label
            when 'milestone' then events.milestone_title
            when 'assignee' then events.subject_login
        end as named,
        kinds.is_set,
        events.happened_at
    from facts.item_events as events
    inner join kinds on events.event_kind = kinds.event_kind

),

attribute_events as (

    select * from events
    where named is not null

    union all

    select * replace (lag(named) over in_order as named, false as is_set)
    from events
    where attribute = 'milestone' and is_set
    window
        in_order as (
            partition by tracker_source, item_kind, item_number
            order by happened_at, length(event_id), event_id
        )
    qualify named != lag(named) over in_order

),

numbered (tracker_source, item_kind, item_number, attribute, attribute_value) as (

    select
        tracker_source,
        item_kind,
        item_number,
        attribute,
        named,
        row_number() over (
            partition by tracker_source, item_kind, item_number, attribute, named
            order by happened_at, length(event_id), event_id
        ) as event_number,
        is_set,
        happened_at
    from attribute_events

)

select * from numbered
