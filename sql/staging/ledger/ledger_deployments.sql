-- The deployments that ledgers plan or tell of, as they were last found.
--
-- A row that names no project belongs to one that is called like its ledger.
--
-- grain: source, deployment_id
with

newest as (

    select * from raw.ledger_deployments
    where observed_at <= coalesce(getvariable('known_at'), 'infinity'::timestamptz)
    qualify
        row_number() over (
            partition by source, deployment_id
            order by batch desc
        ) = 1

)

select
    newest.source,
    coalesce(newest.project, ledgers.name) as project,
    newest.deployment_id,
    newest.site,
    newest.planned_on,
    newest.deployed_on,
    newest.attempt,
    newest.status,
    newest.reported_quarter,
    newest.link,
    newest.note
from newest
inner join staging.ledgers as ledgers on newest.source = ledgers.source
anti join staging.gone as gone
    on
        newest.source = gone.tracker_source
        and gone.record = 'ledger_deployments'
        and newest.deployment_id = gone.record_key
        and newest.batch <= gone.batch
