-- Minimum, median, percentiles and maximum are in ascending order, and null if nothing
-- was measured.
with

measures as (

    select
        project,
        source,
        quarter,
        lead_time_count as measured_count,
        min_merge_lead_time_hours as min_hours,
        median_merge_lead_time_hours as median_hours,
        p75_merge_lead_time_hours as p75_hours,
        p90_merge_lead_time_hours as p90_hours,
        max_merge_lead_time_hours as max_hours,
        mean_merge_lead_time_hours as mean_hours
    from marts.merge_lead_time_quarterly

    union all

    select
        project,
        source,
        quarter,
        measured_count,
        min_git_merge_lead_time_hours as min_hours,
        median_git_merge_lead_time_hours as median_hours,
        p75_git_merge_lead_time_hours as p75_hours,
        p90_git_merge_lead_time_hours as p90_hours,
        max_git_merge_lead_time_hours as max_hours,
        mean_git_merge_lead_time_hours as mean_hours
    from marts.merge_lead_time_quarterly

)

select * from measures
where
    (measured_count > 0) != (median_hours is not null)
    or (measured_count > 0) != (mean_hours is not null)
    or min_hours > median_hours
    or median_hours > p75_hours
    or p75_hours > p90_hours
    or p90_hours > max_hours
    or mean_hours < min_hours - 0.000001
    or mean_hours > max_hours + 0.000001
