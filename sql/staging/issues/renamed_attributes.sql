-- The former names of labels and milestones that were renamed in a tracker, with their
-- newest name.
--
-- The tracker's identifier says that it is the same one. A name that another label or
-- milestone took later means that one.
--
-- grain: tracker_source, attribute, former_value
with

names (tracker_source, attribute, attribute_id, attribute_value, batch) as (

    select
        source,
        'label',
        label_id,
        label,
        batch
    from raw.label_names_known

    union all

    select
        source,
        'milestone',
        milestone_id,
        title,
        batch
    from raw.milestones_known

),

newest as (

    select
        tracker_source,
        attribute,
        attribute_id,
        arg_max(attribute_value, batch) as attribute_value
    from names
    group by tracker_source, attribute, attribute_id

),

formers as (

    select
        tracker_source,
        attribute,
        attribute_value as former_value,
        arg_max(attribute_id, (batch, attribute_id)) as attribute_id
    from names
    group by tracker_source, attribute, attribute_value

)

select
    formers.tracker_source,
    formers.attribute,
    formers.former_value,
    newest.attribute_value
from formers
inner join newest
    on
        formers.tracker_source = newest.tracker_source
        and formers.attribute = newest.attribute
        and formers.attribute_id = newest.attribute_id
where formers.former_value != newest.attribute_value
