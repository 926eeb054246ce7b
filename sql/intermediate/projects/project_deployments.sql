-- The deployments to production of each project that count, in the order of time.
--
-- grain: project, source, deployment_number
select
    * exclude (reason),
    row_number() over (
        partition by project, source
        order by deployed_at, began_at, deployment_id
    ) as deployment_number
from intermediate.considered_deployments
where reason = 'counted'
