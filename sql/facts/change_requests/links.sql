-- Which change request closes, mentions or reverts which issue or change request.
--
-- Of several links between the same two, the strongest: it reverts, closes, mentions; and of
-- these the one that the tracker or Git states, before one that its text states. A text that
-- states that it closes an issue is no proof that it did.
--
-- grain: tracker_source, change_request_number, item_kind, item_number
-- export: by quarter
with

linked as (

    select
        tracker_source,
        change_request_number,
        'change_request' as item_kind,
        reverted_change_request_number as item_number,
        1 as link_rank,
        reverted_at as linked_at
    from intermediate.reverting_requests

    union all

    select
        tracker_source,
        change_request_number,
        'issue' as item_kind,
        issue_number as item_number,
        case when is_closing then 2 else 4 end as link_rank,
        happened_at as linked_at
    from intermediate.referring_events

    union all

    select
        tracker_source,
        change_request_number,
        item_kind,
        item_number,
        case when is_closing then 3 else 5 end as link_rank,
        named_at as linked_at
    from intermediate.named_items

),

strongest as (

    select
        tracker_source,
        change_request_number,
        item_kind,
        item_number,
        min(link_rank) as link_rank,
        arg_min(linked_at, (link_rank, linked_at)) as linked_at
    from linked
    group by tracker_source, change_request_number, item_kind, item_number

)

select
    trackers.source,
    strongest.tracker_source,
    strongest.change_request_number,
    strongest.item_kind,
    strongest.item_number,

    ['reverts', 'closes', 'closes', 'mentions', 'mentions'][strongest.link_rank] as link_kind,
    ['commit', 'event', 'text', 'event', 'text'][strongest.link_rank] as link_evidence,

    strongest.linked_at,
    quarters.quarter,
    quarters.starts_on as quarter_starts_on
from strongest
inner join staging.trackers as trackers
    on strongest.tracker_source = trackers.tracker_source
left join staging.quarter_years as quarters
    on
        year(strongest.linked_at) = quarters.in_year
        and strongest.linked_at >= quarters.starts_at
        and strongest.linked_at < quarters.ends_at
