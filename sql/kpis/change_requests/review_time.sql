-- How long did merged work take from its first review to its approval?
--
-- To the first approval before the merge; what was merged without one has no review time.
-- Over the change requests merged in the quarter.
--
-- Bias: Medians of phases do not add up to the median of the whole; the sums of
-- merge_lead_time_quarterly do.
--
-- title: Review time
-- title_ko: 리뷰 시간
-- position: 340
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
    if(reason = 'counted' and review_seconds is null, 'no_approval', reason) as reason,
    review_seconds as value
from intermediate.kpi_change_requests
