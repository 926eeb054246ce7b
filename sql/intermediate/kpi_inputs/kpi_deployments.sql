-- The deployments of each project: whether an incident is attributed to them, and whether
-- they ended one.
--
-- A deployment that brings a revert of what was deployed, a hotfix, or what closed an
-- incident's issue is rework, and so is a ledger's later attempt.
--
-- grain: project, source, deployment_number
with

failed as (

    select
        project,
        deployment_source as source,
        deployment_number,
        count(*) as incident_count,
        min(incident_id) as incident_id,
        arg_min(grade, incident_id) as grade
    from intermediate.incident_deployments
    where reason = 'counted' and deployment_number is not null
    group by project, deployment_source, deployment_number

)

select
    deployments.* exclude (rework_grade),
    quarters.quarter,
    coalesce(failed.incident_count, 0) as incident_count,
    failed.incident_id,
    failed.grade,
    coalesce(deployments.rework_grade, repairs.rework_grade) as rework_grade
from intermediate.project_deployments as deployments
left join settings.quarters as quarters
    on
        deployments.deployed_at >= quarters.starts_at
        and deployments.deployed_at < quarters.ends_at
left join failed
    on
        deployments.project = failed.project
        and deployments.source = failed.source
        and deployments.deployment_number = failed.deployment_number
left join intermediate.deployment_repairs as repairs
    on
        deployments.project = repairs.project
        and deployments.source = repairs.source
        and deployments.deployment_number = repairs.deployment_number
