-- The work that ledgers planned for a day before the end of each of their quarters, and
-- that was not done before its fiscal year: whether it was done by that end, and by the
-- last look.
--
-- grain: project, source, task_id, quarter
select
    tasks.project,
    tasks.source,
    quarters.quarter,
    tasks.task_id,
    tasks.link,
    coalesce(
        tasks.completed_on < bounds.ends_before
        and timezone(bounds.time_zone, tasks.completed_on::timestamp)
        <= looks.last_observed_at,
        false
    ) as is_done
from facts.ledger_tasks as tasks
inner join intermediate.ledger_quarters as quarters on tasks.source = quarters.source
inner join staging.batches as looks on tasks.source = looks.source
inner join settings.quarters as bounds
    on
        quarters.quarter = bounds.quarter
        and tasks.planned_on < bounds.ends_before
inner join settings.quarters as firsts
    on
        bounds.fiscal_year = firsts.fiscal_year
        and firsts.fiscal_quarter = 1
        and coalesce(tasks.completed_on >= firsts.starts_on, true)
