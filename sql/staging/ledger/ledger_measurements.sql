-- What ledgers say was measured, as it was last found.
--
-- A row that names no project belongs to one that is called like its ledger.
--
-- grain: source, measurement_id
with

newest as (

    select * from raw.ledger_measurements
    where observed_at <= coalesce(getvariable('known_at'), 'infinity'::timestamptz)
    qualify
        row_number() over (
            partition by source, measurement_id
            order by batch desc
        ) = 1

)

select
    newest.source,
    coalesce(newest.project, ledgers.name) as project,
    newest.measurement_id,
    newest.measure,
    newest.measure_ko,
    newest.unit,
    newest.before,
    newest.after,
    newest.better,
    newest.measured_on,
    newest.link,
    newest.note
from newest
inner join staging.ledgers as ledgers on newest.source = ledgers.source
anti join staging.gone as gone
    on
        newest.source = gone.tracker_source
        and gone.record = 'ledger_measurements'
        and newest.measurement_id = gone.record_key
        and newest.batch <= gone.batch
