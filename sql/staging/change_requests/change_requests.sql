-- Every change request at its newest version, with its fate if it was deleted. One of
-- which the tracker does not say whether it is a draft is none.
--
-- grain: tracker_source, change_request_number
select
    trackers.source,
    trackers.tracker_source,
    requests.change_request_number,
    requests.item_id,
    requests.url,
    requests.title,
    requests.author_login,
    requests.author_kind,
    requests.assignees,
    requests.labels,
    requests.milestone_id,
    requests.milestone_title,
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
    requests.merged_by_login,
    requests.created_at,
    requests.updated_at,
    requests.closed_at,
    requests.closed_by_login,
    requests.ready_at,
    requests.merged_at,
    requests.observed_at,
    coalesce(requests.updated_at, requests.observed_at) as stated_at,
    requests.fate,
    requests.gone_noticed_at
from raw.change_requests_current as requests
inner join staging.trackers as trackers on requests.source = trackers.tracker_source
