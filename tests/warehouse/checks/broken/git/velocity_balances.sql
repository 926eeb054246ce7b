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

-- Commits in a repository of no quarter.
delete from marts.velocity_quarterly
where source = 'host/one' and project = 'all';

-- Commits without a time that count.
update facts.commits set
    quarter = null
where source = 'host/one';

-- Commits of an imported history that count.
update facts.commits set
    is_imported = true
where source = 'host/one';

-- A merge of git pull that counts.
update facts.commits set
    is_pull_merge = true
where source = 'host/one';
