-- Every change request as it was last found, with what its whole history says of it.
--
-- It belongs to the quarter of its opening; its lead time counts in the one of its
-- merge. One that was closed without a merge is abandoned.
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
        when merged.merged_at is not null then 'merged'
        when requests.state = 'closed' then 'abandoned'
        else 'open'
    end as state,
    merged.merged_by_login,
    landings.merge_commit_hash,
    landings.merge_commit_evidence,
    landings.merge_method,
    landings.merge_method_evidence,
    efforts.commit_count as own_commit_count,
    efforts.force_push_count,
    reviews.is_opened_as_draft,
    reviews.review_count,

    efforts.lead_time_evidence,
    lead_times.lead_time_seconds,
    lead_times.shortest_lead_time_seconds,
    lead_times.coding_seconds,
    lead_times.pickup_seconds,
    lead_times.review_seconds,
    lead_times.merge_seconds,
    lead_times.unmeasured_seconds,
    requests.fate,

    efforts.first_commit_at as first_own_commit_at,
    efforts.work_started_at_earliest,
    efforts.work_started_at_latest,
    requests.created_at as opened_at,
    reviews.ready_at,
    reviews.first_review_at,
    reviews.first_approval_at,
    requests.updated_at,
    merged.merged_at,
    case when merged.merged_at is null then requests.closed_at end as abandoned_at,
    requests.gone_noticed_at,
    quarters.quarter,
    quarters.starts_on as quarter_starts_on
from staging.change_requests as requests
inner join steps.change_request_work as efforts
    on
        requests.tracker_source = efforts.tracker_source
        and requests.change_request_number = efforts.change_request_number
inner join steps.change_request_reviews as reviews
    on
        requests.tracker_source = reviews.tracker_source
        and requests.change_request_number = reviews.change_request_number
left join steps.merged_change_requests as merged
    on
        requests.tracker_source = merged.tracker_source
        and requests.change_request_number = merged.change_request_number
left join steps.change_request_merges as landings
    on
        requests.tracker_source = landings.tracker_source
        and requests.change_request_number = landings.change_request_number
left join steps.change_request_lead_times as lead_times
    on
        requests.tracker_source = lead_times.tracker_source
        and requests.change_request_number = lead_times.change_request_number
left join facts.accounts as authors
    on
        split_part(requests.tracker_source, '/', 1) = authors.account_host
        and requests.author_login = authors.login
left join staging.quarter_years as quarters
    on
        year(requests.created_at) = quarters.in_year
        and requests.created_at >= quarters.starts_at
        and requests.created_at < quarters.ends_at
