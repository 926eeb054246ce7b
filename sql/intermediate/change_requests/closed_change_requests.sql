-- The change requests that their tracker calls closed without a merge, with what may say
-- that they landed all the same: the commit of the closing event, and the title without
-- numbers and marks of bots.
--
-- grain: tracker_source, change_request_number
with

closings as (

    select
        tracker_source,
        item_number as change_request_number,
        arg_max(commit_hash, (happened_at, event_id)) as closing_commit_hash
    from facts.item_events
    where item_kind = 'change_request' and event_kind = 'closed'
    group by tracker_source, item_number

),

merged as (

    select distinct
        tracker_source,
        item_number as change_request_number
    from facts.item_events
    where item_kind = 'change_request' and event_kind = 'merged'

)

select
    requests.*,
    trackers.tracker_path,
    trackers.tracker_kind,
    closings.closing_commit_hash,
    lower(trim(regexp_replace(
        requests.title, '^\[[^\]]*\]\s*(?:-\s*)?|\s*\([#!][0-9]+\)$', '', 'g'
    ))) as plain_title
from staging.change_requests as requests
inner join staging.trackers as trackers
    on requests.tracker_source = trackers.tracker_source
left join closings
    on
        requests.tracker_source = closings.tracker_source
        and requests.change_request_number = closings.change_request_number
anti join merged
    on
        requests.tracker_source = merged.tracker_source
        and requests.change_request_number = merged.change_request_number
where
    requests.state = 'closed'
    and requests.merged_at is null
    and requests.merged_by_at is null
    and requests.closed_at is not null
