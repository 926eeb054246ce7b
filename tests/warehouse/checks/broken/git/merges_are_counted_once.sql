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

-- No number of merges in velocity.
update marts.velocity_quarterly set
    merge_count = null
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';

-- No row of lead times.
delete from marts.merge_lead_time_quarterly
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';

-- No number of those measured.
update marts.merge_lead_time_quarterly set
    measured_count = null
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';

-- A merge where none landed.
update marts.merge_lead_time_quarterly set
    merge_count = 1,
    measured_count = 0,
    unknown_count = 0
where source = 'host/one' and quarter = '2024-Q3' and project = 'all';

-- A merge of git pull that counts.
update facts."merges" set
    lead_time_reason = 'pull_merge'
where source = 'host/one';
