-- What ledgers say that people did beside writing code, as it was last found.
--
-- A row that names no project belongs to one that is called like its ledger.
--
-- grain: source, activity_id
with

newest as (

    select * from raw.ledger_activities
    where observed_at <= coalesce(getvariable('known_at'), 'infinity'::timestamptz)
    qualify
        row_number() over (
            partition by source, activity_id
            order by batch desc
        ) = 1

)

select
    newest.source,
    coalesce(newest.project, ledgers.name) as project,
    newest.activity_id,
    newest.happened_on,
    newest.happened_until,
    newest.kind,
    newest.site,
    newest.title,
    newest.title_ko,
    newest.hours,
    newest.reported_quarter,
    newest.link,
    newest.note
from newest
inner join staging.ledgers as ledgers on newest.source = ledgers.source
anti join staging.gone as gone
    on
        newest.source = gone.tracker_source
        and gone.record = 'ledger_activities'
        and newest.activity_id = gone.record_key
        and newest.batch <= gone.batch
