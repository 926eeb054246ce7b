-- A project.
update marts.kpi_quarterly set value = value + 1
where kpi = 'commits' and project = 'all' and source = '*' and quarter = '2024-Q1';
update marts.kpi_yearly set value = value + 1
where kpi = 'commits' and project = 'all' and source = '*' and fiscal_year = 2024;

-- A year.
update marts.kpi_yearly set value = value + 1
where kpi = 'commits' and project = 'all' and source = '*' and fiscal_year = 2024;

-- Right: a sealed quarter, whose repositories are not all in the seal.
update marts.kpi_quarterly set value = value + (source = '*')::bigint, is_sealed = true
where kpi = 'commits' and project = 'all' and quarter = '2024-Q1';
update marts.kpi_yearly set value = value + 1
where kpi = 'commits' and project = 'all' and source = '*' and fiscal_year = 2024;

-- A sum.
update marts.kpi_quarterly set value = value + 1
where kpi = 'lines_changed' and project = 'all' and source = '*' and quarter = '2024-Q1';
update marts.kpi_yearly set value = value + 1
where kpi = 'lines_changed' and project = 'all' and source = '*' and fiscal_year = 2024;

-- No figure of the project.
delete from marts.kpi_quarterly
where kpi = 'commits' and project = 'all' and source = '*';
delete from marts.kpi_yearly
where kpi = 'commits' and project = 'all' and source = '*';

-- No figure of the year.
delete from marts.kpi_yearly
where kpi = 'commits' and project = 'all' and source = '*' and fiscal_year = 2024;
