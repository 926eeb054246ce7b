-- One more.
update marts.velocity_quarterly set
    all_new_author_count = 9
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';

-- New authors of nothing.
update facts.commits set
    is_on_default_branch = false
where source = 'host/one';

-- New authors of an imported history.
update facts.commits set
    is_imported = true
where source = 'host/one';
