-- The Four Keys project's failures, over our deployments and incidents.
--
-- Only incidents that name their cause are attributed to a deployment; each counts.
--
-- grain: project, source, deployment
with

named as (

    select
        project,
        deployment_id,
        count(*) as incident_count
    from figures.compared_incidents
    where grade = 'explicit'
    group by project, deployment_id

)

select
    'change_fail_rate' as metric,
    deployments.project,
    unnest(
        if(deployments.counts_in_project, [deployments.source, '*'], [deployments.source])
    ) as source,
    deployments.quarter,
    coalesce(named.incident_count, 0) as value
from figures.kpi_evidence as deployments
left join named
    on
        deployments.project = named.project
        and deployments.subject_id = named.deployment_id
where deployments.kpi = 'deployment_frequency' and deployments.is_counted
