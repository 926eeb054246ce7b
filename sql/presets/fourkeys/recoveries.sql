-- The Four Keys project's times to restore services, over our incidents.
--
-- An incident begins with the commit that it names as its root cause, if that was before
-- it was opened, and counts in the quarter in which it begins, in whole hours.
--
-- grain: project, source, incident
with

causes as (

    select
        replace(issues.tracker_source, '#tracker', '#') || issues.issue_number as subject_id,
        min(commits.committed_at) as caused_at
    from staging.issues as issues
    inner join facts.commits as commits
        on
            issues.source = commits.source
            and starts_with(
                commits.commit_hash,
                regexp_extract(issues.named_cause, '\b[0-9a-f]{7,64}\b')
            )
    where regexp_matches(issues.named_cause, '\b[0-9a-f]{7,64}\b')
    group by issues.tracker_source, issues.issue_number

),

restored as (

    select
        incidents.project,
        incidents.source,
        least(incidents.opened_at, causes.caused_at) as began_at,
        date_sub('second', began_at, incidents.resolved_at) // 3600 as hours
    from figures.compared_incidents as incidents
    left join causes on incidents.subject_id = causes.subject_id

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
