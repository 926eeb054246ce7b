-- The quarters in which a KPI has a figure of a ledger: from the first row on that the
-- ledger gave it for the project.
--
-- grain: kpi, project, source, quarter
select
    first_rows.kpi,
    first_rows.project,
    first_rows.source,
    quarters.quarter,
    quarters.is_complete
from figures.kpi_first_rows as first_rows
inner join intermediate.ledger_quarters as quarters
    on
        first_rows.source = quarters.source
        and first_rows.first_on <= quarters.quarter_starts_on
