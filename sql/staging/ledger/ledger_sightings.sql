-- The first observation of each row of a ledger, and whether it is deleted now.
--
-- grain: source, record, record_key
with

sightings as (

    select
        source,
        'ledger_tasks' as record,
        task_id as record_key,
        observed_at
    from raw.ledger_tasks
    union all
    select
        source,
        'ledger_deployments' as record,
        deployment_id as record_key,
        observed_at
    from raw.ledger_deployments
    union all
    select
        source,
        'ledger_incidents' as record,
        incident_id as record_key,
        observed_at
    from raw.ledger_incidents
    union all
    select
        source,
        'ledger_activities' as record,
        activity_id as record_key,
        observed_at
    from raw.ledger_activities

),

firsts as (

    select
        source,
        record,
        record_key,
        min(observed_at) as first_observed_at
    from sightings
    group by source, record, record_key

)

select
    firsts.*,
    deletions.record_key is not null as is_deleted
from firsts
left join raw.deletions as deletions
    on
        firsts.source = deletions.source
        and firsts.record = deletions.record
        and firsts.record_key = deletions.record_key
