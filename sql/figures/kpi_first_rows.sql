-- The first quarter of which each KPI has a row, in each repository or ledger of each
-- project, and the last quarter for which a row was reported. Imported history is not the
-- repository's own.
--
-- grain: kpi, project, source
select
    evidence.kpi,
    evidence.project,
    evidence.source,
    least(min(quarters.starts_on), min(reported.starts_on)) as first_on,
    min(reported.starts_on) as first_reported_on,
    max(reported.starts_on) as last_reported_on
from kpis.evidence as evidence
left join settings.quarters as quarters on evidence.quarter = quarters.quarter
left join settings.quarters as reported on evidence.reported_quarter = reported.quarter
where evidence.reason != 'imported_history'
group by evidence.kpi, evidence.project, evidence.source
