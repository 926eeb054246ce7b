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
