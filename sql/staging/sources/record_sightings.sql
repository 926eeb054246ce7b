-- The first observation of each deployment, release, milestone and row of a ledger, and of
-- each tag, and whether it is deleted now.
--
-- grain: source, record, record_key
with

sightings as (

    select
        source,
        'deployments' as record,
        deployment_id::varchar as record_key,
        observed_at
    from raw.deployments

    union all

    select
        source,
        'releases' as record,
        release_id::varchar as record_key,
        observed_at
    from raw.releases

    union all

    select
        source,
        'milestones' as record,
        milestone_id::varchar as record_key,
        observed_at
    from raw.milestones

    union all

    select
        source,
        'ledger_tasks' as record,
        task_id::varchar as record_key,
        observed_at
    from raw.ledger_tasks

    union all

    select
        source,
        'ledger_deployments' as record,
        deployment_id::varchar as record_key,
        observed_at
    from raw.ledger_deployments

    union all

    select
        source,
        'ledger_incidents' as record,
        incident_id::varchar as record_key,
        observed_at
    from raw.ledger_incidents

    union all

    select
        source,
        'ledger_activities' as record,
        activity_id::varchar as record_key,
        observed_at
    from raw.ledger_activities

    union all

    select
        source,
        'tags' as record,
        regexp_replace(ref_name, '^refs/tags/', '') as record_key,
        observed_at
    from staging.ref_versions
    where starts_with(ref_name, 'refs/tags/')

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
