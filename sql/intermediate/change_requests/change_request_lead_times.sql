-- How long each merged change request took from its first commit, and in which phases.
--
-- Where the start is a range, the time runs from its earlier end, and another column has
-- the shortest possible time. Coding ends when it was ready for review, pickup
-- with the first review, review with the first approval, merge with the merge; each
-- begins where the one before it ended. A phase whose end is not known is null, and its
-- time is unmeasured, so that all add up to the whole. Work of which no start is known
-- has no lead time.
--
-- grain: tracker_source, change_request_number
with

-- The instants between the phases of each merged change request.
change_request_phases as (

    select
        merged.source,
        merged.tracker_source,
        merged.change_request_number,
        merged.merged_at,
        merged.quarter,
        merged.quarter_starts_on,
        if(
            efforts.work_started_at_earliest <= merged.merged_at,
            efforts.lead_time_evidence,
            'unknown'
        ) as evidence,
        case when evidence != 'unknown' then efforts.work_started_at_earliest end
            as started_at,
        least(efforts.work_started_at_latest, merged.merged_at) as started_by,
        case
            when reviews.ready_at <= merged.merged_at
                then greatest(reviews.ready_at, started_at)
        end as ready_by,
        case
            when reviews.first_review_at <= merged.merged_at and started_at is not null
                then greatest(reviews.first_review_at, ready_by, started_at)
        end as reviewed_by,
        case
            when reviews.first_approval_at <= merged.merged_at and reviewed_by is not null
                then greatest(reviews.first_approval_at, reviewed_by)
        end as approved_by
    from intermediate.merged_change_requests as merged
    inner join intermediate.change_request_work as efforts
        on
            merged.tracker_source = efforts.tracker_source
            and merged.change_request_number = efforts.change_request_number
    inner join intermediate.change_request_reviews as reviews
        on
            merged.tracker_source = reviews.tracker_source
            and merged.change_request_number = reviews.change_request_number

)

select
    source,
    tracker_source,
    change_request_number,
    evidence as lead_time_evidence,
    date_sub('second', started_at, merged_at) as lead_time_seconds,
    date_sub('second', started_by, merged_at) as shortest_lead_time_seconds,
    date_sub('second', started_at, ready_by) as coding_seconds,
    date_sub('second', ready_by, reviewed_by) as pickup_seconds,
    date_sub('second', reviewed_by, approved_by) as review_seconds,
    date_sub('second', approved_by, merged_at) as merge_seconds,
    lead_time_seconds
    - coalesce(coding_seconds, 0)
    - coalesce(pickup_seconds, 0)
    - coalesce(review_seconds, 0)
    - coalesce(merge_seconds, 0) as unmeasured_seconds,
    merged_at,
    quarter,
    quarter_starts_on
from change_request_phases
