-- Planned and measured work in ledgers, at its newest version.
--
-- A row without a project belongs to the project with its ledger's name.
--
-- grain: source, task_id
select
    tasks.source,
    coalesce(tasks.project, ledgers.name) as project,
    tasks.task_id,
    tasks.title,
    tasks.title_ko,
    tasks.planned_on,
    tasks.started_on,
    tasks.completed_on,
    tasks.reported_days,
    tasks.reported_quarter,
    tasks.link,
    tasks.note
from raw.ledger_tasks_current as tasks
inner join staging.ledgers as ledgers on tasks.source = ledgers.source
where not tasks.is_deleted
