-- Every deployment that may have caused an incident, with the evidence.
--
-- The grades, from the best: explicit (the issue names the deployment, or what it
-- brought, or the ledger's row names it), revert (what ended the incident takes back a
-- commit of it), rollback (what ended it deployed an older commit), hotfix (what ended it
-- was a hotfix: then the newest deployment before it began), label (a label names it),
-- window (it was the newest within the project's window, in the incident's repository, or
-- else in another of the project).
--
-- grain: project, source, incident_id, grade, deployment_source, deployment_number
with

windows as (

    select
        incidents.*,
        projects.incident_window_hours * 3600 as window_seconds,
        coalesce(
            incidents.opened_at
            <= incidents.newest_deployed_at + to_seconds(window_seconds),
            false
        ) as is_own,
        if(is_own, incidents.newest_deployed_at, incidents.project_deployed_at)
            as deployed_at
    from intermediate.incident_issues as incidents
    inner join settings.projects as projects on incidents.project = projects.project

)

select
    project,
    source,
    incident_id,
    'explicit' as grade,
    deployment_source,
    deployment_number
from intermediate.incident_named_deployments

union all

select
    project,
    source,
    incident_id,
    if(incident_kind = 'ledger', 'explicit', incident_kind) as grade,
    source as deployment_source,
    deployment_number
from intermediate.incidents
where deployment_number is not null

union all

-- The commit that closed the issue reverts a commit of the deployment.
select distinct
    repairs.project,
    repairs.source,
    repairs.incident_id,
    'revert' as grade,
    deployed.source as deployment_source,
    deployed.deployment_number
from intermediate.incident_repairs as repairs
inner join intermediate.reverted_commits as reverts
    on repairs.source = reverts.source and repairs.commit_hash = reverts.commit_hash
inner join intermediate.deployed_commits as deployed
    on
        repairs.project = deployed.project
        and repairs.source = deployed.source
        and reverts.reverted_hash = deployed.commit_hash

union all

-- The change request that closed the issue is a hotfix of the newest deployment.
select
    incidents.project,
    incidents.source,
    incidents.incident_id,
    'hotfix' as grade,
    incidents.source as deployment_source,
    incidents.newest_deployment_number as deployment_number
from intermediate.incident_issues as incidents
inner join intermediate.hotfixes as hotfixes
    on
        incidents.project = hotfixes.project
        and incidents.tracker_source = hotfixes.tracker_source
        and incidents.closed_by_change_request_number = hotfixes.change_request_number
where incidents.newest_deployment_number is not null

union all

select
    incidents.project,
    incidents.source,
    incidents.incident_id,
    'label' as grade,
    deployments.source as deployment_source,
    deployments.deployment_number
from intermediate.incident_issues as incidents
inner join intermediate.project_deployments as deployments
    on
        incidents.project = deployments.project
        and (
            incidents.source = deployments.source
            or incidents.newest_deployment_number is null
        )
        and list_contains(
            from_json(incidents.labels, '["varchar"]'), deployments.tag_name
        )

union all

select
    project,
    source,
    incident_id,
    'window' as grade,
    if(is_own, source, project_deployment_source) as deployment_source,
    if(is_own, newest_deployment_number, project_deployment_number)
        as deployment_number
from windows
where opened_at <= deployed_at + to_seconds(window_seconds)
