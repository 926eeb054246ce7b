-- The first quarter of which each KPI has a row, in each repository or ledger of each
-- project.
--
-- grain: kpi, project, source
select
    kpi,
    project,
    source,
    min(quarter_starts_on) as first_on
from figures.kpi_rows
group by kpi, project, source
