-- The events of issues that name a change request, or a commit of one: it closed the issue,
-- or refers to it.
--
-- grain: tracker_source, issue_number, event_id, change_request_number
with

referred as (

    select
        events.tracker_source,
        events.item_number as issue_number,
        events.event_id,
        events.happened_at,
        events.commit_hash,
        nullif(regexp_extract(events.new_value, '^!([0-9]{1,9})$', 1), '')::bigint
            as change_request_number
    from facts.item_events as events
    where events.item_kind = 'issue' and events.event_kind = 'referenced'

),

requests as (

    select
        tracker_source,
        change_request_number,
        commit_hash
    from facts.change_request_commits

    union

    select
        tracker_source,
        change_request_number,
        merge_commit_hash as commit_hash
    from intermediate.change_request_merges

)

select
    referred.tracker_source,
    referred.issue_number,
    referred.event_id,
    coalesce(referred.change_request_number, requests.change_request_number)
        as change_request_number,
    false as is_closing,
    referred.happened_at
from referred
left join requests
    on
        referred.tracker_source = requests.tracker_source
        and referred.commit_hash = requests.commit_hash
where coalesce(referred.change_request_number, requests.change_request_number) is not null

union all

select
    closers.tracker_source,
    closers.issue_number,
    closers.event_id,
    closers.closed_by_change_request_number as change_request_number,
    true as is_closing,
    events.happened_at
from intermediate.issue_closers as closers
inner join facts.item_events as events
    on
        closers.tracker_source = events.tracker_source
        and events.item_kind = 'issue'
        and closers.issue_number = events.item_number
        and closers.event_id = events.event_id
