-- The work that ledgers plan or measure, as it was last found.
--
-- A row that names no project belongs to one that is called like its ledger.
--
-- grain: source, task_id
with

newest as (

    select * from raw.ledger_tasks
    where observed_at <= coalesce(getvariable('known_at'), 'infinity'::timestamptz)
    qualify
        row_number() over (
            partition by source, task_id
            order by batch desc
        ) = 1

)

select
    newest.source,
    coalesce(newest.project, ledgers.name) as project,
    newest.task_id,
    newest.title,
    newest.title_ko,
    newest.planned_on,
    newest.started_on,
    newest.completed_on,
    newest.reported_days,
    newest.reported_quarter,
    newest.link,
    newest.note
from newest
inner join staging.ledgers as ledgers on newest.source = ledgers.source
anti join staging.gone as gone
    on
        newest.source = gone.tracker_source
        and gone.record = 'ledger_tasks'
        and newest.task_id = gone.record_key
        and newest.batch <= gone.batch
