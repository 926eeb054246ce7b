-- The first quarter of which each KPI has a row, in each repository or ledger of each
-- project, and the last quarter for which a row was reported.
--
-- grain: kpi, project, source
select
    rows_now.kpi,
    rows_now.project,
    rows_now.source,
    least(min(rows_now.quarter_starts_on), min(reported.starts_on)) as first_on,
    min(reported.starts_on) as first_reported_on,
    max(reported.starts_on) as last_reported_on
from figures.kpi_rows as rows_now
left join settings.quarters as reported on rows_now.reported_quarter = reported.quarter
group by rows_now.kpi, rows_now.project, rows_now.source
