-- Lost.
delete from facts.issues
where tracker_source = 'host/one#tracker' and issue_number = 5;

-- Without a state.
delete from facts.issue_states
where tracker_source = 'host/one#tracker' and issue_number = 4 and state_number = 1;

-- Without a quarter.
update facts.issues set
    quarter = null
where tracker_source = 'host/one#tracker' and issue_number = 4;

-- Too early.
update facts.issues set
    quarter = '2024-Q2'
where tracker_source = 'host/one#tracker' and issue_number = 4;

-- Too late.
update facts.issues set
    quarter = '2023-Q1'
where tracker_source = 'host/one#tracker' and issue_number = 4;

-- At the end.
update facts.issues set
    quarter = '2024-Q1'
where tracker_source = 'host/one#tracker' and issue_number = 6;
