-- How long did merged work take from its first commit to its merge?
--
-- Over the change requests merged in the quarter, from the first trace of their work,
-- whatever was squashed or rebased later; where that is only known as a range, from its
-- earlier end, graded rewritten_after_open. In a repository without a tracker over the
-- merges on the first-parent chain, where a squash-like commit has no known start.
--
-- Bias: Rewritten branches tend to look shorter than they were. Work that was never
-- merged is not in it.
--
-- title: Merge lead time
-- title_ko: 병합 리드 타임
-- position: 310
-- unit: hours
-- kind: median
-- better: lower
-- needs: work
-- version: 1
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
    if(reason = 'counted' and lead_time_seconds is null, 'unknown_start', reason)
        as reason,
    lead_time_seconds as value
from intermediate.kpi_change_requests

union all

select
    project,
    source,
    quarter,
    'commit' as subject_type,
    commit_hash as subject_id,
    subject_url,
    person,
    happened_at,
    null as grade,
    reason,
    merge_lead_time_seconds as value
from intermediate.kpi_merges
