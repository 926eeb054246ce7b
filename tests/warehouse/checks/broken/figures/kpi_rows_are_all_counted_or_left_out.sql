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

-- Right: a row in a quarter that no poll has reached.
insert into kpis.commits by name
select * replace ('2025-Q4' as quarter, '2025-11-01'::timestamptz as happened_at)
from kpis.commits
where project = 'all' and source = 'host/one' and quarter = '2024-Q1';

-- Right: a row of an imported history.
insert into kpis.commits by name
select * replace (
    '2019-Q4' as quarter, '2019-11-01'::timestamptz as happened_at, 'imported_history' as reason
)
from kpis.commits
where project = 'all' and source = 'host/one' and quarter = '2024-Q1';
