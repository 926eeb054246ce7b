-- Commits.
update marts.velocity_quarterly set
    all_commit_count = 9
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';

-- Lines added.
update marts.velocity_quarterly set
    all_lines_added = 99
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';

-- Lines deleted.
update marts.velocity_quarterly set
    all_lines_deleted = 99
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';
