-- The issues that the rules of a project call incidents, each with the newest deployment
-- before it began.
--
-- grain: project, source, incident_id
with

incidents as (

    select
        looked_at.project,
        looked_at.subject_id as incident_id,
        looked_at.is_left_out,
        issues.*
    from intermediate.kpi_issues as looked_at
    inner join facts.issues as issues
        on
            looked_at.tracker_source = issues.tracker_source
            and looked_at.issue_number = issues.issue_number
    where looked_at.is_incident

)

select
    incidents.*,
    deployments.deployment_number as newest_deployment_number,
    deployments.deployed_at as newest_deployed_at
from incidents
asof left join intermediate.project_deployments as deployments
    on
        incidents.project = deployments.project
        and incidents.source = deployments.source
        and incidents.opened_at >= deployments.deployed_at
