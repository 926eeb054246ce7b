-- The incidents that ledgers tell of, as they were last found.
--
-- A row that names no project belongs to one that is called like its ledger.
--
-- grain: source, incident_id
with

newest as (

    select * from raw.ledger_incidents
    where observed_at <= coalesce(getvariable('known_at'), 'infinity'::timestamptz)
    qualify
        row_number() over (
            partition by source, incident_id
            order by batch desc
        ) = 1

)

select
    newest.source,
    coalesce(newest.project, ledgers.name) as project,
    newest.incident_id,
    newest.service,
    newest.site,
    newest.title,
    newest.title_ko,
    newest.started_at,
    newest.recovered_at,
    newest.deployment_id,
    newest.reported_hours,
    newest.reported_quarter,
    newest.link,
    newest.note
from newest
inner join staging.ledgers as ledgers on newest.source = ledgers.source
anti join staging.gone as gone
    on
        newest.source = gone.tracker_source
        and gone.record = 'ledger_incidents'
        and newest.incident_id = gone.record_key
        and newest.batch <= gone.batch
