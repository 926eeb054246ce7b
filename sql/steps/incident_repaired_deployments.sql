-- The deployments that the end of an incident tells of: what closed its issue takes
-- back a commit of the deployment, or is a hotfix of the newest one.
--
-- grain: project, source, incident_id, grade, deployment_number
with

incidents as (

    select
        looked_at.project,
        issues.source,
        issues.tracker_source,
        looked_at.subject_id as incident_id,
        issues.closed_by_change_request_number as change_request_number,
        issues.closed_by_commit_hash as commit_hash,
        issues.opened_at as started_at
    from steps.kpi_issues as looked_at
    inner join facts.issues as issues
        on
            looked_at.tracker_source = issues.tracker_source
            and looked_at.issue_number = issues.issue_number
    where looked_at.is_incident

),

repairs as (

    select
        project,
        source,
        incident_id,
        commit_hash
    from incidents
    where commit_hash is not null

    union

    select
        incidents.project,
        incidents.source,
        incidents.incident_id,
        landed.landed_hash as commit_hash
    from incidents
    inner join steps.landed_request_commits as landed
        on
            incidents.tracker_source = landed.tracker_source
            and incidents.change_request_number = landed.change_request_number

),

hotfixed as (

    select incidents.*
    from incidents
    inner join steps.hotfixes as hotfixes
        on
            incidents.project = hotfixes.project
            and incidents.tracker_source = hotfixes.tracker_source
            and incidents.change_request_number = hotfixes.change_request_number

)

select
    repairs.project,
    repairs.source,
    repairs.incident_id,
    'revert' as grade,
    deployed.deployment_number
from repairs
inner join steps.reverted_commits as reverts
    on repairs.source = reverts.source and repairs.commit_hash = reverts.commit_hash
inner join graph.deployed_commits as deployed
    on
        repairs.project = deployed.project
        and repairs.source = deployed.source
        and reverts.reverted_hash = deployed.commit_hash

union

select
    hotfixed.project,
    hotfixed.source,
    hotfixed.incident_id,
    'hotfix' as grade,
    deployments.deployment_number
from hotfixed
asof inner join steps.project_deployments as deployments
    on
        hotfixed.project = deployments.project
        and hotfixed.source = deployments.source
        and hotfixed.started_at >= deployments.deployed_at
