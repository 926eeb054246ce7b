-- Velocity.
update marts.velocity_quarterly set
    merge_count = 9
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';

-- Lead time.
update marts.merge_lead_time_quarterly set
    merge_count = 9
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';

-- Unexplained.
update marts.merge_lead_time_quarterly set
    unknown_count = 9
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';
