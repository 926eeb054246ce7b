-- The work that ledgers plan or measure, as it was last found.
--
-- A row that names no project belongs to one that is called like its ledger.
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
