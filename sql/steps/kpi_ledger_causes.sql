-- What became of the rows of ledgers behind the rows of a sealed quarter that changed
-- since.
--
-- grain: kpi, project, source, quarter, subject_type, subject_id
with

records (subject_type, record) as (

    values
    ('task', 'ledger_tasks'), ('deployment', 'ledger_deployments'),
    ('incident', 'ledger_incidents'), ('activity', 'ledger_activities')

),

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
    changes.kpi,
    changes.project,
    changes.source,
    changes.quarter,
    changes.subject_type,
    changes.subject_id,
    case
        when coalesce(firsts.first_observed_at > looks.observed_at, true) then 'late'
        when gone.record_key is not null then 'deleted'
    end as cause
from steps.kpi_changes as changes
inner join records on changes.subject_type = records.subject_type
left join sealed.looks as looks
    on changes.quarter = looks.quarter and changes.source = looks.source
inner join firsts
    on
        changes.source = firsts.source
        and records.record = firsts.record
        and changes.subject_id = firsts.record_key
left join staging.gone as gone
    on
        changes.source = gone.tracker_source
        and records.record = gone.record
        and changes.subject_id = gone.record_key
