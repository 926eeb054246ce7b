-- How long did the work that was delivered in the quarter take from its start?
--
-- An issue is started with the first assignment, the first label that the rules call a
-- start, or the work on the change request that closed it; delivered with the closing
-- that lasted. Duplicates and what was not planned are no delivery. A ledger's task
-- takes the days between those of its start and of its completion.
--
-- Bias: Where work starts without a trace, only what left one is in it; coverage says
-- how much.
--
-- title: Project lead time
-- title_ko: 프로젝트 리드 타임
-- position: 360
-- unit: days
-- kind: mean
-- better: lower
-- needs: tracker
-- version: 2
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
    work_seconds as value,
    null as reported_quarter,
    null as reported_value
from intermediate.kpi_closings

union all by name

select
    project,
    source,
    quarter,
    'task' as subject_type,
    task_id as subject_id,
    link as subject_url,
    null as person,
    completed_at as happened_at,
    if(seconds is null, 'unknown_start', 'counted') as reason,
    seconds as value,
    reported_quarter,
    reported_seconds as reported_value
from intermediate.ledger_lead_times
