-- Every place where a tracker's fields and its events disagree, or its commits and Git.
--
-- The facts say by their evidence which side was believed.
--
-- grain: tracker_source, item_kind, item_number, reason
-- export: whole
with

found as (

    select
        tracker_source,
        'issue' as item_kind,
        issue_number as item_number,
        reason
    from intermediate.issue_disagreements

    union all

    select
        tracker_source,
        'change_request' as item_kind,
        change_request_number as item_number,
        reason
    from intermediate.change_request_disagreements

),

disagreements as (

    select
        items.source,
        found.tracker_source,
        found.item_kind,
        found.item_number,
        found.reason,
        items.url
    from found
    inner join staging.items as items
        on
            found.tracker_source = items.tracker_source
            and found.item_kind = items.item_kind
            and found.item_number = items.item_number

)

select * from disagreements
