-- What ledgers say that figures are to reach, as it was last found.
--
-- Without a project it is for each; * is all together.
--
-- grain: source, target_id
with

newest as (

    select * from raw.ledger_targets
    where observed_at <= coalesce(getvariable('known_at'), 'infinity'::timestamptz)
    qualify
        row_number() over (
            partition by source, target_id
            order by batch desc
        ) = 1

)

select
    newest.source,
    newest.project,
    newest.target_id,
    newest.year,
    newest.quarter,
    newest.kpi,
    newest.title,
    newest.title_ko,
    newest.unit,
    newest.target,
    newest.near,
    newest.better,
    newest.accepted_until,
    newest.note
from newest
anti join staging.gone as gone
    on
        newest.source = gone.tracker_source
        and gone.record = 'ledger_targets'
        and newest.target_id = gone.record_key
        and newest.batch <= gone.batch
