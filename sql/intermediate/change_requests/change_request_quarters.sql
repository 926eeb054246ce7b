-- How long the change requests of each project that were merged in each quarter, and
-- that count by its rules and in its period, took, and in which phases. Until it is known
-- how many were merged, their counts are null.
--
-- grain: project, source, quarter
with

own as (

    select
        items.project,
        lead_times.*
    from intermediate.change_request_lead_times as lead_times
    inner join intermediate.project_change_requests as items
        on
            lead_times.tracker_source = items.tracker_source
            and lead_times.change_request_number = items.change_request_number
            and items.merged_reason = 'counted'
    left join intermediate.project_periods as periods on items.project = periods.project
    where
        lead_times.merged_at
        >= coalesce(periods.active_from_at, '-infinity'::timestamptz)
        and lead_times.merged_at
        < coalesce(periods.active_until_at, 'infinity'::timestamptz)

),

counted as (

    select
        project,
        source,
        quarter,

        count(*) as merged_count,
        count(*) filter (where lead_time_evidence = 'head_commits') as measured_count,
        count(*) filter (where lead_time_evidence = 'rewritten_after_open')
            as uncertain_count,
        count(*) filter (where lead_time_evidence = 'unknown') as unknown_count,

        sum(lead_time_seconds)::bigint as total_lead_time_seconds,
        sum(coding_seconds)::bigint as total_coding_seconds,
        sum(pickup_seconds)::bigint as total_pickup_seconds,
        sum(review_seconds)::bigint as total_review_seconds,
        sum(merge_seconds)::bigint as total_merge_seconds,
        sum(unmeasured_seconds)::bigint as total_unmeasured_seconds,

        sum(lead_time_seconds)::bigint / count(lead_time_seconds) / 3600 as mean_hours,
        quantile_cont(lead_time_seconds, 0.5) / 3600 as median_hours,
        quantile_cont(lead_time_seconds, 0.75) / 3600 as p75_hours,
        quantile_cont(lead_time_seconds, 0.9) / 3600 as p90_hours,
        quantile_cont(coding_seconds, 0.5) / 3600 as median_coding_hours,
        quantile_cont(pickup_seconds, 0.5) / 3600 as median_pickup_hours,
        quantile_cont(review_seconds, 0.5) / 3600 as median_review_hours,
        quantile_cont(merge_seconds, 0.5) / 3600 as median_merge_hours
    from own
    where quarter is not null
    group by project, source, quarter

),

change_request_quarters as (

    select
        owned.project,
        quarters.source,
        quarters.quarter,
        quarters.quarter_starts_on,

        if(known.source is null, null, coalesce(counted.merged_count, 0))
            as merged_change_request_count,
        if(known.source is null, null, coalesce(counted.measured_count, 0))
            as measured_change_request_count,
        if(known.source is null, null, coalesce(counted.uncertain_count, 0))
            as uncertain_change_request_count,
        if(known.source is null, null, coalesce(counted.unknown_count, 0))
            as unknown_change_request_count,

        counted.mean_hours as mean_change_request_lead_time_hours,
        counted.median_hours as median_change_request_lead_time_hours,
        counted.p75_hours as p75_change_request_lead_time_hours,
        counted.p90_hours as p90_change_request_lead_time_hours,
        counted.median_coding_hours,
        counted.median_pickup_hours,
        counted.median_review_hours,
        counted.median_merge_hours,

        counted.total_lead_time_seconds,
        counted.total_coding_seconds,
        counted.total_pickup_seconds,
        counted.total_review_seconds,
        counted.total_merge_seconds,
        counted.total_unmeasured_seconds
    from facts.tracker_quarters as quarters
    inner join facts.project_repositories as owned
        on quarters.source = owned.source and owned.is_whole
    left join counted
        on
            owned.project = counted.project
            and quarters.source = counted.source
            and quarters.quarter = counted.quarter
    left join intermediate.item_quarters as known
        on
            quarters.source = known.source
            and quarters.quarter = known.quarter
            and known.needs = 'requests'

)

select * from change_request_quarters
