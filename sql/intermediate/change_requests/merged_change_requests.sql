-- The change requests that were merged: when and by whom, and what their trackers call
-- the merge commit; also those that they call closed, and that Git says landed.
--
-- When is what the field says, else the last merge event, else the time of the commit that
-- the tracker names as the merge, else the first deployment of that commit or the last
-- change before it was seen merged, whichever was earlier.
--
-- grain: tracker_source, change_request_number
with

events as (

    select
        tracker_source,
        item_number as change_request_number,
        arg_max(actor_login, happened_at) as merged_by_login,
        arg_max(commit_hash, happened_at) as event_commit_hash,
        max(happened_at) as merged_at
    from facts.item_events
    where item_kind = 'change_request' and event_kind = 'merged'
    group by tracker_source, item_number

),

first_deployments as (

    select
        tracker_source,
        commit_hash,
        min(created_at) as deployed_at
    from staging.deployments
    group by tracker_source, commit_hash

),

requests as (

    select
        requests.source,
        requests.tracker_source,
        requests.change_request_number,
        events.tracker_source is not null as has_merged_event,
        coalesce(
            landed.evidence,
            if(events.tracker_source is null, 'merge_field', 'merged_event')
        ) as merged_evidence,
        landed.commit_hash as landed_commit_hash,
        events.event_commit_hash,
        requests.merge_commit_hash,
        requests.squash_commit_hash,
        requests.head_hash,
        coalesce(
            events.merged_by_login, requests.merged_by_login, landed.closed_by_login
        ) as merged_by_login,
        requests.created_at as opened_at,
        case
            when landed.commit_hash is not null then 'landing_commit'
            when requests.merged_at is not null then 'field'
            when events.merged_at is not null then 'event'
            when commits.committed_at is not null then 'merge_commit'
            when deployments.deployed_at < requests.merged_by_at then 'deployment'
            else 'last_change'
        end as merged_at_evidence,
        coalesce(
            requests.merged_at,
            events.merged_at,
            commits.committed_at,
            landed.landed_at,
            least(requests.merged_by_at, deployments.deployed_at)
        ) as merged_at
    from staging.change_requests as requests
    left join facts.commits as commits
        on
            requests.merged_by_at is not null
            and requests.source = commits.source
            and coalesce(requests.merge_commit_hash, requests.squash_commit_hash)
            = commits.commit_hash
            and requests.created_at <= commits.committed_at
    left join first_deployments as deployments
        on
            requests.merged_by_at is not null
            and requests.tracker_source = deployments.tracker_source
            and coalesce(requests.merge_commit_hash, requests.squash_commit_hash)
            = deployments.commit_hash
            and requests.created_at <= deployments.deployed_at
    left join events
        on
            requests.tracker_source = events.tracker_source
            and requests.change_request_number = events.change_request_number
    left join intermediate.landed_change_requests as landed
        on
            requests.tracker_source = landed.tracker_source
            and requests.change_request_number = landed.change_request_number

),

merged as (

    select
        requests.*,
        quarters.quarter,
        quarters.starts_on as quarter_starts_on
    from requests
    left join staging.quarter_years as quarters
        on
            year(requests.merged_at) = quarters.in_year
            and requests.merged_at >= quarters.starts_at
            and requests.merged_at < quarters.ends_at
    where requests.merged_at is not null

)

select * from merged
