-- The Four Keys project's times to restore services, over our incidents.
--
-- An incident begins with the deployment that brought the commit that it names as its
-- root cause, if that was before it was opened, and counts in the quarter in which it
-- begins, in whole hours.
--
-- grain: project, source, incident
with

named as (

    select
        issues.source,
        replace(issues.tracker_source, '#tracker', '#') || issues.issue_number as subject_id,
        regexp_extract(issues.named_cause, '\b[0-9a-f]{7,64}\b') as named_hash
    from staging.issues as issues
    where regexp_matches(issues.named_cause, '\b[0-9a-f]{7,64}\b')

),

causes as (

    select
        deployed.project,
        named.subject_id,
        min(deployed.happened_at) as deployed_at
    from named
    inner join figures.kpi_evidence as deployed
        on
            named.source = deployed.source
            and starts_with(deployed.subject_id, named.named_hash)
    where deployed.kpi = 'change_lead_time' and deployed.related_id is not null
    group by deployed.project, named.subject_id

),

restored as (

    select
        incidents.project,
        incidents.source,
        least(incidents.opened_at, causes.deployed_at) as began_at,
        date_sub('second', began_at, incidents.resolved_at) // 3600 as hours
    from figures.compared_incidents as incidents
    left join causes
        on
            incidents.project = causes.project
            and incidents.subject_id = causes.subject_id

)

select
    'mean_time_to_recovery' as metric,
    restored.project,
    unnest([restored.source, '*']) as source,
    quarters.quarter,
    3600 * restored.hours as value
from restored
inner join settings.quarters as quarters
    on
        restored.began_at >= quarters.starts_at
        and restored.began_at < quarters.ends_at
where restored.hours is not null
