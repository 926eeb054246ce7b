-- Minimum, median, percentiles and maximum are in ascending order, and null if nothing
-- was measured.
select
    project,
    source,
    quarter,
    measured_count,
    min_merge_lead_time_hours,
    median_merge_lead_time_hours,
    p75_merge_lead_time_hours,
    p90_merge_lead_time_hours,
    max_merge_lead_time_hours,
    mean_merge_lead_time_hours
from marts.merge_lead_time_quarterly
where
    (measured_count > 0) != (median_merge_lead_time_hours is not null)
    or (measured_count > 0) != (mean_merge_lead_time_hours is not null)
    or min_merge_lead_time_hours > median_merge_lead_time_hours
    or median_merge_lead_time_hours > p75_merge_lead_time_hours
    or p75_merge_lead_time_hours > p90_merge_lead_time_hours
    or p90_merge_lead_time_hours > max_merge_lead_time_hours
    or mean_merge_lead_time_hours < min_merge_lead_time_hours - 0.000001
    or mean_merge_lead_time_hours > max_merge_lead_time_hours + 0.000001
