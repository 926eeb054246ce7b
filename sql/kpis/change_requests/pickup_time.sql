-- How long did merged work wait, ready, for its first review?
--
-- From the last time before that review at which it got ready, if it went back to
-- draft. Only reviews end it, and line comments, which are a part of one; other comments
-- do not. Reviews by bots, AI agents and the author are none; what was merged without a
-- review has no pickup time, which is not zero hours. Over the change requests merged in
-- the quarter.
--
-- Bias: Medians of phases do not add up to the median of the whole; the sums of
-- merge_lead_time_quarterly do.
--
-- title: Pickup time
-- title_ko: 리뷰 대기 시간
-- position: 330
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
    if(reason = 'counted' and pickup_seconds is null, 'no_review', reason) as reason,
    pickup_seconds as value
from intermediate.kpi_change_requests
