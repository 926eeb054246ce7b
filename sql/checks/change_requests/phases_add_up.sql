-- The phases of a change request and its unmeasured time add up to its lead time. None
-- is negative. A quarter's totals are the sums of its change requests.
with

requests as (

    select
        source,
        quarter,
        change_request_number::varchar as what,
        lead_time_evidence != 'unknown' as is_known,
        lead_time_seconds,
        coding_seconds,
        pickup_seconds,
        review_seconds,
        merge_seconds,
        unmeasured_seconds
    from intermediate.change_request_lead_times

),

quarters as (

    select
        source,
        quarter,
        project as what,
        measured_change_request_count + uncertain_change_request_count > 0 as is_known,
        total_lead_time_seconds as lead_time_seconds,
        total_coding_seconds as coding_seconds,
        total_pickup_seconds as pickup_seconds,
        total_review_seconds as review_seconds,
        total_merge_seconds as merge_seconds,
        total_unmeasured_seconds as unmeasured_seconds
    from marts.merge_lead_time_quarterly

),

parts as (

    select * from requests
    union all
    select * from quarters

)

select * from parts
where
    is_known != (lead_time_seconds is not null)
    or lead_time_seconds
    != coalesce(coding_seconds, 0) + coalesce(pickup_seconds, 0)
    + coalesce(review_seconds, 0) + coalesce(merge_seconds, 0) + unmeasured_seconds
    or least(
        lead_time_seconds,
        coding_seconds,
        pickup_seconds,
        review_seconds,
        merge_seconds,
        unmeasured_seconds
    ) < 0
    or (
        not is_known
        and coalesce(coding_seconds, pickup_seconds, review_seconds, merge_seconds)
        is not null
    )
