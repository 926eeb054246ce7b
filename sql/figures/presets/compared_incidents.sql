-- The incidents that other systems know of, issues and those of ledgers, with what their
-- figures are made from.
--
-- grain: project, source, subject_id
-- made: as a view
select
    project,
    source,
    subject_id,
    grade,
    related_id as deployment_id,
    if(is_counted, value, null) as seconds,
    if(is_counted, happened_at - to_seconds(value), happened_at) as opened_at,
    if(is_counted, happened_at, null) as resolved_at,
    quarter
from figures.kpi_evidence
where
    kpi = 'mean_time_to_recovery'
    and reason in ('counted', 'still_open')
    and (subject_id like '%#%' or source like '%#ledger')
