-- The work that ledgers tell the end of, and how long it took from the day of its start.
--
-- In the quarter of that end; where only the house's words are known, with the days that
-- it reports, in the quarter that it reports, or else that of the plan or the start.
--
-- grain: project, source, task_id
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

)

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
