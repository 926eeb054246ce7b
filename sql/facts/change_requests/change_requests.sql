-- Every change request at its newest version, with figures from its whole history.
--
-- It belongs to the quarter of its opening; its lead time counts in that of its merge.
-- A change request that was closed without a merge is abandoned.
--
-- grain: tracker_source, change_request_number
-- export: by quarter
select
    requests.source,
    requests.tracker_source,
    requests.change_request_number,
    requests.item_id,
    requests.url,

    requests.title,
    requests.author_login,
    authors.account_kind as author_account_kind,
    requests.assignees,
    requests.labels,
    requests.milestone_id,
    requests.milestone_title,
    requests.base_ref,
    requests.head_ref,
    requests.head_hash,
    requests.head_repository,
    requests.is_draft,
    requests.is_locked,
    requests.comment_count,

    case
        when histories.merged_at is not null then 'merged'
        else if(requests.state = 'closed', 'abandoned', 'open')
    end as change_request_state,
    histories.merged_by_login,
    histories.merged_at_evidence,
    histories.merged_evidence,
    histories.merge_commit_hash,
    histories.merge_commit_evidence,
    histories.merge_method,
    histories.merge_method_evidence,
    histories.own_commit_count,
    sizes.size_evidence,
    sizes.file_count,
    sizes.lines_added,
    sizes.lines_deleted,
    histories.force_push_count,
    histories.is_opened_as_draft,
    histories.review_count,

    histories.lead_time_evidence,
    histories.lead_time_seconds,
    histories.shortest_lead_time_seconds,
    histories.coding_seconds,
    histories.pickup_seconds,
    histories.review_seconds,
    histories.merge_seconds,
    histories.unmeasured_seconds,
    requests.fate,

    histories.first_own_commit_at,
    histories.work_started_at_earliest,
    histories.work_started_at_latest,
    requests.created_at as opened_at,
    histories.ready_at,
    histories.first_review_at,
    histories.first_approval_at,
    requests.updated_at,
    histories.merged_at,
    if(histories.merged_at is null, requests.closed_at, null) as abandoned_at,
    requests.gone_noticed_at,
    quarters.quarter,
    quarters.starts_on as quarter_starts_on
from staging.change_requests as requests
inner join intermediate.change_request_histories as histories
    on
        requests.tracker_source = histories.tracker_source
        and requests.change_request_number = histories.change_request_number
left join intermediate.change_request_sizes as sizes
    on
        requests.source = sizes.source
        and requests.tracker_source = sizes.tracker_source
        and requests.change_request_number = sizes.change_request_number
left join intermediate.account_kinds as authors
    on
        split_part(requests.tracker_source, '/', 1) = authors.account_host
        and requests.author_login = authors.login
left join staging.quarter_years as quarters
    on
        year(requests.created_at) = quarters.in_year
        and requests.created_at >= quarters.starts_at
        and requests.created_at < quarters.ends_at
