-- None.
update facts.commits set
    quarter = null,
    quarter_starts_on = null
where source = 'host/one' and commit_hash = 'a';

-- None for a time.
update facts.commits set
    quarter = '2024-Q1',
    quarter_starts_on = '2024-01-01'
where source = 'host/one' and commit_hash = 'timeless';

-- Another day.
update facts.commits set
    quarter_starts_on = '2024-01-02'
where source = 'host/one' and commit_hash = 'a';

-- Too early.
update facts.commits set
    quarter = '2024-Q2',
    quarter_starts_on = '2024-04-01'
where source = 'host/one' and commit_hash = 'a';

-- Too late.
update facts.commits set
    quarter = '2023-Q1',
    quarter_starts_on = '2023-01-01'
where source = 'host/one' and commit_hash = 'a';

-- At the end.
update facts.commits set
    quarter = '2024-Q1',
    quarter_starts_on = '2024-01-01'
where source = 'host/one' and commit_hash = 'q';

-- No day.
update facts.commits set
    quarter_starts_on = null
where source = 'host/one' and commit_hash = 'a';
