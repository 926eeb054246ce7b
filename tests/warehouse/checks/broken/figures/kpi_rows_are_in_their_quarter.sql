-- Too early.
update kpis.commits set
    quarter = '2024-Q2'
where source = 'host/one' and subject_id = 'a';

-- Too late.
update kpis.commits set
    quarter = '2023-Q1'
where source = 'host/one' and subject_id = 'a';

-- At the end.
update kpis.commits set
    quarter = '2024-Q1'
where source = 'host/one' and subject_id = 'q';
