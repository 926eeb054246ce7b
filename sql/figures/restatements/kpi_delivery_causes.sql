-- What became of the deployments, releases, tags and milestones behind the rows of a
-- sealed quarter that changed since.
--
-- One of a source that was not polled before the seal is late.
--
-- grain: kpi, project, source, quarter, subject_type, subject_id, thing_id
with

changes as (

    select
        things.*,
        regexp_extract(
            things.thing_id, '^(.*)/(deployments|releases|milestones|tags)/(.+)$',
            ['repository', 'record', 'record_key']
        ) as parsed
    from figures.kpi_changed_things as things
    where things.thing_type in ('deployment', 'incident', 'milestone')

),

deliveries as (

    select
        * exclude (parsed),
        parsed['record'] as record,
        parsed['record_key'] as record_key,
        parsed['repository'] || if(parsed['record'] = 'tags', '', '#tracker')
            as observed_source
    from changes
    where parsed['record'] != ''

)

select
    deliveries.kpi,
    deliveries.project,
    deliveries.source,
    deliveries.quarter,
    deliveries.subject_type,
    deliveries.subject_id,
    deliveries.thing_id,
    deliveries.is_subject,
    case
        when
            coalesce(
                sightings.first_observed_at > observations.observed_at,
                sightings.record_key is not null
            )
            then 'late'
        when sightings.is_deleted then 'deleted'
    end as cause
from deliveries
left join sealed.observations as observations
    on
        deliveries.quarter = observations.quarter
        and deliveries.observed_source = observations.source
left join staging.delivery_sightings as sightings
    on
        deliveries.observed_source = sightings.observed_source
        and deliveries.record = sightings.record
        and deliveries.record_key = sightings.record_key
