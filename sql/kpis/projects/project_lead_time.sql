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
-- version: 3
with

tasks as (

    select
        *,
        if(completed_on is null, coalesce(reported_quarter, quarter), quarter)
            as end_quarter,
        (reported_days * 86400)::bigint as reported_seconds,
        date_diff('day', started_on, completed_on) * 86400 as seconds
    from facts.ledger_tasks
    where completed_on is not null or reported_days is not null

),

-- Completed tasks of ledgers, and their time from the day of the start.
ledger_lead_times as (

    select
        tasks.project,
        tasks.source,
        bounds.quarter,
        tasks.task_id,
        tasks.link,
        timezone(bounds.time_zone, tasks.completed_on::timestamp) as completed_at,
        coalesce(tasks.seconds, tasks.reported_seconds) as seconds,
        tasks.reported_quarter,
        tasks.reported_seconds
    from tasks
    inner join settings.quarters as bounds on tasks.end_quarter = bounds.quarter
    inner join staging.batches as looks on tasks.source = looks.source
    where coalesce(completed_at, bounds.starts_at) <= looks.last_observed_at

)

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
from ledger_lead_times
