-- No figure.
delete from marts.kpi_quarterly
where kpi = 'commits' and project = 'all' and source = 'host/one' and quarter = '2024-Q1';

-- A row too many.
update marts.kpi_quarterly set
    n = n + 1
where kpi = 'commits' and project = 'all' and source = 'host/one' and quarter = '2024-Q1';

-- A figure without rows.
delete from kpis.commits
where project = 'all' and source = 'host/one' and quarter = '2024-Q1';
