-- Between which instants the phases of each merged change request lie.
--
-- A start after the merge is no start that is known. A phase that would end before it
-- began took no time.
--
-- grain: tracker_source, change_request_number
with

phases as (

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
        if(
            reviews.first_approval_at <= merged.merged_at,
            reviews.first_approval_at,
            reviews.last_review_at
        ) as last_verdict_at,
        case
            when reviewed_by is not null then greatest(last_verdict_at, reviewed_by)
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

select * from phases
