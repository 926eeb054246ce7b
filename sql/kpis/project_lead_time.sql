-- How long did the issues resolved in the quarter take from started to delivered?
--
-- Started with the first assignment, the first label that the rules call a start, or
-- the work on the change request that closed the issue; delivered with the closing that
-- lasted. Duplicates and what was not planned are no delivery.
--
-- Bias: Where work starts without a trace, only the issues that left one are in it;
-- coverage says how many.
--
-- title: Project lead time
-- title_ko: 프로젝트 리드 타임
-- position: 360
-- unit: days
-- kind: mean
-- better: lower
-- needs: tracker
-- version: 1
select
    project,
    source,
    quarter,
    'closing' as subject_type,
    subject_id,
    subject_url,
    person,
    happened_at,
    case
        when reason != 'counted' then reason
        when state_reason in ('duplicate', 'not_planned') then state_reason
        when not is_lasting then 'reopened'
        when work_seconds is null then 'unknown_start'
        when work_seconds < 0 then 'started_after_end'
        else 'counted'
    end as reason,
    work_seconds as value
from steps.kpi_closings
