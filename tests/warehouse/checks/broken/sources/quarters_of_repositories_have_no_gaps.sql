-- A gap.
delete from facts.repository_quarters
where source = 'host/one' and quarter = '2024-Q1';
