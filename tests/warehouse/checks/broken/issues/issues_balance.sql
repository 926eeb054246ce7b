-- Start.
update marts.issue_closure_quarterly set
    open_at_start_count = open_at_start_count + 1,
    opened_count = opened_count - 1
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';

-- End.
update marts.issue_closure_quarterly set
    open_at_end_count = open_at_end_count + 1,
    opened_count = opened_count + 1
where source = 'host/one' and quarter = '2024-Q3' and project = 'all';

-- Flow.
update marts.issue_closure_quarterly set
    opened_count = opened_count + 1
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';

-- Open issues of which none is known.
delete from facts.issue_states;
