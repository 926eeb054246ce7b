-- The deployments that the end of an incident tells of: what closed its issue takes
-- back a commit of the deployment, or is a hotfix of the newest one.
--
-- grain: project, source, incident_id, grade, deployment_number
select
    repairs.project,
    repairs.source,
    repairs.incident_id,
    'revert' as grade,
    deployed.deployment_number
from intermediate.incident_repairs as repairs
inner join intermediate.reverted_commits as reverts
    on repairs.source = reverts.source and repairs.commit_hash = reverts.commit_hash
inner join graph.deployed_commits as deployed
    on
        repairs.project = deployed.project
        and repairs.source = deployed.source
        and reverts.reverted_hash = deployed.commit_hash

union

select
    incidents.project,
    incidents.source,
    incidents.incident_id,
    'hotfix' as grade,
    incidents.newest_deployment_number as deployment_number
from intermediate.incident_issues as incidents
inner join intermediate.hotfixes as hotfixes
    on
        incidents.project = hotfixes.project
        and incidents.tracker_source = hotfixes.tracker_source
        and incidents.closed_by_change_request_number = hotfixes.change_request_number
where incidents.newest_deployment_number is not null
