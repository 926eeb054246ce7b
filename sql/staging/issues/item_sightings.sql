-- The first observation of each issue and change request.
--
-- grain: tracker_source, item_kind, item_number
with

seen as (

    select
        source as tracker_source,
        'issue' as item_kind,
        issue_number as item_number,
        observed_at
    from raw.issues

    union all

    select
        source as tracker_source,
        'change_request' as item_kind,
        change_request_number as item_number,
        observed_at
    from raw.change_requests

)

select
    tracker_source,
    item_kind,
    item_number,
    min(observed_at) as first_observed_at
from seen
group by tracker_source, item_kind, item_number
