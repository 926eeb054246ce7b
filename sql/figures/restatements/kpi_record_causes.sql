-- What became of the deployments, releases, tags, milestones and rows of ledgers behind the
-- rows of a sealed quarter that changed since.
--
-- One of a source that was not polled before the seal is late.
--
-- grain: kpi, project, source, quarter, subject_type, subject_id, thing_id
with

-- By the type of a thing, the table of a ledger that may have it.
tables (thing_type, record) as (

    values
    ('task', 'ledger_tasks'), ('deployment', 'ledger_deployments'),
    ('incident', 'ledger_incidents'), ('activity', 'ledger_activities')

),

parsed as (

    select
        things.*,
        regexp_extract(
            things.thing_id, '^(.*)/(deployments|releases|milestones|tags)/(.+)$',
            ['repository', 'record', 'record_key']
        ) as named
    from figures.kpi_changed_things as things
    where things.thing_type in ('deployment', 'incident', 'milestone')

),

records as (

    select
        * exclude (named),
        named['repository'] || if(named['record'] = 'tags', '', '#tracker')
            as observed_source,
        named['record'] as record,
        named['record_key'] as record_key
    from parsed
    where named['record'] != ''

    union all

    select
        things.*,
        things.source as observed_source,
        tables.record,
        things.thing_id as record_key
    from figures.kpi_changed_things as things
    inner join tables on things.thing_type = tables.thing_type

)

select
    records.kpi,
    records.project,
    records.source,
    records.quarter,
    records.subject_type,
    records.subject_id,
    records.thing_id,
    records.is_subject,
    case
        when coalesce(sightings.first_observed_at > observations.observed_at, true)
            then 'late'
        when sightings.is_deleted then 'deleted'
    end as cause
from records
inner join staging.record_sightings as sightings
    on
        records.observed_source = sightings.source
        and records.record = sightings.record
        and records.record_key = sightings.record_key
left join sealed.observations as observations
    on
        records.quarter = observations.quarter
        and records.observed_source = observations.source
