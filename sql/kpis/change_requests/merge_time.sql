-- How long did merged work wait from its approval to its merge?
--
-- From the first approval before the merge; what was merged without one has no such wait.
-- Over the change requests merged in the quarter.
--
-- Bias: Medians of phases do not add up to the median of the whole; the sums of
-- merge_lead_time_quarterly do.
--
-- title: Merge wait
-- title_ko: 병합 대기 시간
-- position: 350
-- unit: hours
-- kind: median
-- better: lower
-- needs: tracker
-- version: 4
select
    project,
    source,
    quarter,
    'change_request' as subject_type,
    subject_id,
    subject_url,
    person,
    happened_at,
    lead_time_evidence as grade,
    if(reason = 'counted' and merge_seconds is null, 'no_approval', reason) as reason,
    merge_seconds as value
from intermediate.kpi_change_requests
