-- What went into each change request until its merge, if it was merged: the work and the
-- reviews, and how long each took.
--
-- grain: tracker_source, change_request_number
-- made: as a view
select
    efforts.source,
    efforts.tracker_source,
    efforts.change_request_number,

    merged.merged_by_login,
    merged.merged_at_evidence,
    merged.merged_evidence,
    landings.merge_commit_hash,
    landings.merge_commit_evidence,
    landings.merge_method,
    landings.merge_method_evidence,
    efforts.own_commit_count,
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

    efforts.first_commit_at as first_own_commit_at,
    efforts.work_started_at_earliest,
    efforts.work_started_at_latest,
    reviews.ready_at,
    reviews.first_review_at,
    reviews.first_approval_at,
    merged.merged_at
from intermediate.change_request_work as efforts
inner join intermediate.change_request_reviews as reviews
    on
        efforts.tracker_source = reviews.tracker_source
        and efforts.change_request_number = reviews.change_request_number
left join intermediate.merged_change_requests as merged
    on
        efforts.tracker_source = merged.tracker_source
        and efforts.change_request_number = merged.change_request_number
left join intermediate.change_request_merges as landings
    on
        efforts.tracker_source = landings.tracker_source
        and efforts.change_request_number = landings.change_request_number
left join intermediate.change_request_lead_times as lead_times
    on
        efforts.tracker_source = lead_times.tracker_source
        and efforts.change_request_number = lead_times.change_request_number
