-- Negative.
update facts.merges set
    merge_lead_time_hours = -1
where source = 'host/one' and lead_time_reason = 'measured';

-- Branch open for less than nothing.
update facts.merges set
    branch_open_hours = -1
where source = 'host/one';

-- Measured without a time.
update facts.merges set
    merge_lead_time_hours = null
where source = 'host/one';

-- Right: merged at once.
update facts.merges set
    merge_lead_time_hours = 0,
    branch_open_hours = 0
where source = 'host/one' and lead_time_reason = 'measured';
