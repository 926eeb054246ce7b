-- CHAOSS's change requests duration, over our change requests: opened to merged, in the
-- quarter of the opening.
--
-- grain: project, source, change request
select
    'lead_time' as metric,
    evidence.project,
    unnest([evidence.source, '*']) as source,
    found.quarter,
    date_sub('second', found.opened_at, evidence.happened_at) as value
from figures.kpi_evidence as evidence
inner join facts.change_requests as found
    on
        evidence.subject_id
        = replace(found.tracker_source, '#tracker', '#') || found.change_request_number
where evidence.kpi = 'change_requests_merged' and evidence.is_counted
