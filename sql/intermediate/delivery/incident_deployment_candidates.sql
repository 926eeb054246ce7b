-- Every deployment that an incident may be laid to, and what speaks for it.
--
-- The grades, from the best: explicit (the issue names the deployment, or what it
-- brought, or the ledger's row names it), revert (what ended the incident takes back a
-- commit of it), hotfix (what ended it was a hotfix: then the newest deployment before it
-- began), label (a label names it), window (it was the newest within the project's
-- window).
--
-- grain: project, source, incident_id, grade, deployment_number
select
    project,
    source,
    incident_id,
    'explicit' as grade,
    deployment_number
from intermediate.incident_named_deployments

union all

select
    project,
    source,
    incident_id,
    if(incident_kind = 'ledger', 'explicit', 'revert') as grade,
    deployment_number
from intermediate.incidents
where deployment_number is not null

union all

select
    project,
    source,
    incident_id,
    grade,
    deployment_number
from intermediate.incident_repaired_deployments

union all

select
    incidents.project,
    incidents.source,
    incidents.incident_id,
    'label' as grade,
    deployments.deployment_number
from intermediate.incident_issues as incidents
inner join intermediate.project_deployments as deployments
    on
        incidents.project = deployments.project
        and incidents.source = deployments.source
        and list_contains(
            from_json(incidents.labels, '["varchar"]'), deployments.tag_name
        )

union all

select
    incidents.project,
    incidents.source,
    incidents.incident_id,
    'window' as grade,
    incidents.newest_deployment_number as deployment_number
from intermediate.incident_issues as incidents
inner join settings.projects as projects on incidents.project = projects.project
where
    date_diff('second', incidents.newest_deployed_at, incidents.opened_at)
    <= projects.incident_window_hours * 3600
