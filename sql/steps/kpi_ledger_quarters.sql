-- The quarters in which a KPI has a figure of a ledger: from the first row on that the
-- ledger gave it for the project.
--
-- grain: kpi, project, source, quarter
with

first_rows as (

    select
        evidence.kpi,
        evidence.project,
        evidence.source,
        min(evidence.quarter_starts_on) as first_on
    from steps.kpi_rows as evidence
    semi join staging.ledgers as ledgers on evidence.source = ledgers.source
    group by evidence.kpi, evidence.project, evidence.source

)

select
    first_rows.kpi,
    first_rows.project,
    first_rows.source,
    quarters.quarter,
    quarters.is_complete
from first_rows
inner join steps.ledger_quarters as quarters
    on
        first_rows.source = quarters.source
        and first_rows.first_on <= quarters.quarter_starts_on
