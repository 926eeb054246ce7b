-- The Four Keys project's failures and times to restore, over our deployments and
-- incidents.
--
-- An incident is an issue, or a ledger's. It begins with the commit that it names as its
-- root cause, if that was before it was opened, and counts in the quarter in which it
-- begins, in whole hours. Only incidents that name what caused them are laid to a
-- deployment; each counts.
--
-- grain: metric, project, source, deployment or incident
with

incidents as (

    select
        project,
        source,
        subject_id,
        grade,
        related_id as deployment_id,
        if(is_counted, happened_at, null) as resolved_at,
        if(is_counted, happened_at - to_seconds(value), happened_at) as opened_at
    from facts.kpi_evidence
    where
        kpi = 'mean_time_to_recovery'
        and reason in ('counted', 'still_open')
        and (subject_id like '%#%' or source like '%#ledger')

),

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
        date_diff('second', began_at, incidents.resolved_at) // 3600 as hours
    from incidents
    left join causes on incidents.subject_id = causes.subject_id

),

named as (

    select
        project,
        source,
        deployment_id,
        count(*) as incident_count
    from incidents
    where grade = 'explicit'
    group by project, source, deployment_id

),

measured (metric, project, source, quarter, value) as (

    select
        'change_fail_rate',
        deployments.project,
        deployments.source,
        deployments.quarter,
        coalesce(named.incident_count, 0)
    from facts.kpi_evidence as deployments
    left join named
        on
            deployments.project = named.project
            and deployments.source = named.source
            and deployments.subject_id = named.deployment_id
    where deployments.kpi = 'deployment_frequency' and deployments.is_counted

    union all

    select
        'mean_time_to_recovery',
        restored.project,
        restored.source,
        quarters.quarter,
        3600 * restored.hours
    from restored
    inner join settings.quarters as quarters
        on
            restored.began_at >= quarters.starts_at
            and restored.began_at < quarters.ends_at

)

select
    metric,
    project,
    unnest([source, '*']) as source,
    quarter,
    value
from measured
where value is not null
