-- The deployments of each project: whether an incident is laid to them, and whether
-- they brought the end of one.
--
-- A deployment that brings a revert of what was deployed, a hotfix, or what closed an
-- incident's issue is rework.
--
-- grain: project, source, deployment_number
with

failed as (

    select
        project,
        source,
        deployment_number,
        count(*) as incident_count,
        min(incident_id) as incident_id,
        arg_min(grade, incident_id) as grade
    from steps.incident_deployments
    where reason = 'counted' and deployment_number is not null
    group by project, source, deployment_number

),

repairs as (

    select
        project,
        source,
        merge_commit_hash as commit_hash,
        'hotfix' as grade
    from steps.hotfixes

    union all

    select
        project,
        source,
        commit_hash,
        'revert' as grade
    from steps.deployed_reverts
    where deployment_number is not null

    union all

    select
        looked_at.project,
        issues.source,
        coalesce(requests.merge_commit_hash, issues.closed_by_commit_hash)
            as commit_hash,
        'incident' as grade
    from steps.kpi_issues as looked_at
    inner join facts.issues as issues
        on
            looked_at.tracker_source = issues.tracker_source
            and looked_at.issue_number = issues.issue_number
    left join facts.change_requests as requests
        on
            issues.tracker_source = requests.tracker_source
            and issues.closed_by_change_request_number = requests.change_request_number
    where looked_at.is_incident

),

rework as (

    select
        deployed.project,
        deployed.source,
        deployed.deployment_number,
        min(repairs.grade) as rework_grade
    from repairs
    inner join graph.deployed_commits as deployed
        on
            repairs.project = deployed.project
            and repairs.source = deployed.source
            and repairs.commit_hash = deployed.commit_hash
    group by deployed.project, deployed.source, deployed.deployment_number

)

select
    deployments.*,
    quarters.quarter,
    coalesce(failed.incident_count, 0) as incident_count,
    failed.incident_id,
    failed.grade,
    rework.rework_grade
from steps.project_deployments as deployments
left join settings.quarters as quarters
    on
        deployments.deployed_at >= quarters.starts_at
        and deployments.deployed_at < quarters.ends_at
left join failed
    on
        deployments.project = failed.project
        and deployments.source = failed.source
        and deployments.deployment_number = failed.deployment_number
left join rework
    on
        deployments.project = rework.project
        and deployments.source = rework.source
        and deployments.deployment_number = rework.deployment_number
