-- Every issue and change request, with the columns that both have.
--
-- grain: tracker_source, item_kind, item_number
select
    source,
    tracker_source,
    'issue' as item_kind,
    issue_number as item_number,
    url,
    state,
    created_at,
    closed_at,
    stated_at
from staging.issues

union all

select
    source,
    tracker_source,
    'change_request' as item_kind,
    change_request_number as item_number,
    url,
    state,
    created_at,
    closed_at,
    stated_at
from staging.change_requests
