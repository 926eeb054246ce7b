-- Every change request at its newest version, with its fate if it was deleted. One of
-- which the tracker does not say whether it is a draft is none.
--
-- grain: tracker_source, change_request_number
with

-- A tracker that states that it is merged, and not when, changed it last, before the first
-- poll that saw it merged, at that instant or after.
seen_merged as (

    select
        source,
        change_request_number,
        arg_min(least(updated_at, observed_at), batch) as merged_by_at
    from raw.change_requests_known
    where native_state = 'merged'
    group by source, change_request_number

)

select
    trackers.source,
    trackers.tracker_source,
    requests.change_request_number,
    requests.item_id,
    requests.url,
    requests.title,
    coalesce(
        renames.logins_by_id[requests.author_id],
        renames.logins[requests.author_login],
        requests.author_login
    ) as author_login,
    settings.renamed(requests.assignees, renames.logins) as assignees,
    settings.renamed(requests.labels, renames.labels) as labels,
    requests.milestone_id,
    coalesce(renames.milestones[requests.milestone_title], requests.milestone_title)
        as milestone_title,
    requests.state,
    requests.is_locked,
    requests.comment_count,
    coalesce(requests.is_draft, false) as is_draft,
    requests.base_ref,
    requests.head_ref,
    requests.head_hash,
    requests.head_repository,
    requests.merge_commit_hash,
    requests.squash_commit_hash,
    coalesce(renames.logins[requests.merged_by_login], requests.merged_by_login) as merged_by_login,
    requests.created_at,
    requests.updated_at,
    requests.closed_at,
    coalesce(renames.logins[requests.closed_by_login], requests.closed_by_login) as closed_by_login,
    requests.ready_at,
    requests.merged_at,
    case when requests.native_state = 'merged' then seen_merged.merged_by_at end
        as merged_by_at,
    requests.observed_at,
    coalesce(requests.updated_at, requests.observed_at) as stated_at,
    requests.fate,
    requests.gone_noticed_at
from raw.change_requests_current as requests
inner join staging.trackers as trackers on requests.source = trackers.tracker_source
left join seen_merged
    on
        requests.source = seen_merged.source
        and requests.change_request_number = seen_merged.change_request_number
left join staging.renames as renames on requests.source = renames.tracker_source
