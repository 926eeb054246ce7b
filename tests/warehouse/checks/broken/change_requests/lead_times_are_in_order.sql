-- No median.
update marts.merge_lead_time_quarterly set
    median_merge_lead_time_hours = null
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';

-- No mean.
update marts.merge_lead_time_quarterly set
    mean_merge_lead_time_hours = null
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';

-- Minimum above median.
update marts.merge_lead_time_quarterly set
    min_merge_lead_time_hours = 10,
    median_merge_lead_time_hours = 5,
    p75_merge_lead_time_hours = 20,
    p90_merge_lead_time_hours = 20,
    max_merge_lead_time_hours = 20,
    mean_merge_lead_time_hours = 15
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';

-- Median above p75.
update marts.merge_lead_time_quarterly set
    min_merge_lead_time_hours = 1,
    median_merge_lead_time_hours = 10,
    p75_merge_lead_time_hours = 5,
    p90_merge_lead_time_hours = 20,
    max_merge_lead_time_hours = 20,
    mean_merge_lead_time_hours = 15
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';

-- P75 above p90.
update marts.merge_lead_time_quarterly set
    min_merge_lead_time_hours = 1,
    median_merge_lead_time_hours = 5,
    p75_merge_lead_time_hours = 10,
    p90_merge_lead_time_hours = 7,
    max_merge_lead_time_hours = 20,
    mean_merge_lead_time_hours = 15
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';

-- P90 above maximum.
update marts.merge_lead_time_quarterly set
    min_merge_lead_time_hours = 1,
    median_merge_lead_time_hours = 5,
    p75_merge_lead_time_hours = 6,
    p90_merge_lead_time_hours = 30,
    max_merge_lead_time_hours = 20,
    mean_merge_lead_time_hours = 15
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';

-- Mean below minimum.
update marts.merge_lead_time_quarterly set
    min_merge_lead_time_hours = 10,
    median_merge_lead_time_hours = 11,
    p75_merge_lead_time_hours = 12,
    p90_merge_lead_time_hours = 13,
    max_merge_lead_time_hours = 14,
    mean_merge_lead_time_hours = 5
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';

-- Mean above maximum.
update marts.merge_lead_time_quarterly set
    min_merge_lead_time_hours = 10,
    median_merge_lead_time_hours = 11,
    p75_merge_lead_time_hours = 12,
    p90_merge_lead_time_hours = 13,
    max_merge_lead_time_hours = 14,
    mean_merge_lead_time_hours = 50
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';

-- Of Git: minimum above median.
update marts.merge_lead_time_quarterly set
    min_git_merge_lead_time_hours = 10,
    median_git_merge_lead_time_hours = 5,
    p75_git_merge_lead_time_hours = 20,
    p90_git_merge_lead_time_hours = 20,
    max_git_merge_lead_time_hours = 20,
    mean_git_merge_lead_time_hours = 15
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';

-- Right: mean as low as rounding makes it.
update marts.merge_lead_time_quarterly set
    min_merge_lead_time_hours = 10,
    median_merge_lead_time_hours = 11,
    p75_merge_lead_time_hours = 12,
    p90_merge_lead_time_hours = 13,
    max_merge_lead_time_hours = 14,
    mean_merge_lead_time_hours = 10::double - 0.000001
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';

-- Right: mean as high as rounding makes it.
update marts.merge_lead_time_quarterly set
    min_merge_lead_time_hours = 10,
    median_merge_lead_time_hours = 11,
    p75_merge_lead_time_hours = 12,
    p90_merge_lead_time_hours = 13,
    max_merge_lead_time_hours = 14,
    mean_merge_lead_time_hours = 14::double + 0.000001
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';
