-- A difference.
insert into marts.kpi_restatements by name
select kpi, project, source, quarter, 7 as difference
from marts.kpi_quarterly
where kpi = 'commits' and project = 'all' and source = '*' and quarter = '2024-Q1';

-- Right: a difference of nothing.
insert into marts.kpi_restatements by name
select kpi, project, source, quarter, 0 as difference
from marts.kpi_quarterly
where kpi = 'commits' and project = 'all' and source = '*' and quarter = '2024-Q1';

-- Right: a difference that nobody knows.
insert into marts.kpi_restatements by name
select kpi, project, source, quarter, unnest([7, null]) as difference
from marts.kpi_quarterly
where kpi = 'commits' and project = 'all' and source = '*' and quarter = '2024-Q1';
