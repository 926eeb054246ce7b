-- How long did merged work take from its first commit until it was ready for review?
--
-- The start is that of the lead time. Time as a draft, also after it was ready once, is
-- coding. Over the change requests merged in the quarter.
--
-- Bias: Medians of phases do not add up to the median of the whole; the sums of
-- merge_lead_time_quarterly do.
--
-- title: Coding time
-- title_ko: 코딩 시간
-- position: 320
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
    if(reason = 'counted' and coding_seconds is null, 'unknown_start', reason) as reason,
    coding_seconds as value
from intermediate.kpi_change_requests
