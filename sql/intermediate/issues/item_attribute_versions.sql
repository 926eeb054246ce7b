-- Which labels, milestone and assignees each version of an issue or change request had.
--
-- grain: tracker_source, item_kind, item_number, batch, attribute, attribute_value
with

listed as (

    select
        tracker_source,
        item_kind,
        item_number,
        batch,
        stated_at,
        is_newest,
        unnest(list_distinct(list_concat(
            [('label', label) for label in from_json(labels, '["varchar"]')],
            [('assignee', login) for login in from_json(assignees, '["varchar"]')],
            [('milestone', milestone_title)]
        ))) as named
    from staging.item_versions

),

versions (
    tracker_source,
    item_kind,
    item_number,
    batch,
    stated_at,
    is_newest,
    attribute,
    attribute_value
) as (

    select
        * exclude (named),
        named[1],
        named[2]
    from listed
    where named[2] is not null

)

select * from versions
