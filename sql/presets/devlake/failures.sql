-- Apache DevLake's failed deployments, and what it took to recover from them, over our
-- deployments and incidents.
--
-- An incident is attributed to the last deployment before it in any repository of the project,
-- however old, and a copy of that deployment failed with it. A recovery counts if the deployment
-- was in the same quarter.
--
-- grain: metric, project, source, deployment or incident
with

deployments as (

    select
        project,
        source as deployed_source,
        quarter as deployed_in,
        subject_id as deployed_id,
        happened_at as deployed_at,
        counts_in_project
    from figures.kpi_evidence
    where kpi = 'deployment_frequency' and is_counted

),

originals as (

    select * from deployments
    where counts_in_project

),

blamed as (

    select
        incidents.*,
        deployments.deployed_source,
        deployments.deployed_in,
        deployments.deployed_id,
        deployments.deployed_at
    from figures.compared_incidents as incidents
    asof inner join originals as deployments
        on
            incidents.project = deployments.project
            and incidents.opened_at >= deployments.deployed_at
    -- DuckDB 1.5 joins a null to a deployment too.
    where incidents.opened_at is not null

),

measured (metric, project, source, quarter, value, counts_in_project) as (

    select
        'change_fail_rate',
        deployments.project,
        deployments.deployed_source,
        deployments.deployed_in,
        (count(blamed.project) > 0)::bigint,
        deployments.counts_in_project
    from deployments
    left join blamed
        on
            deployments.project = blamed.project
            and deployments.deployed_at = blamed.deployed_at
            and (
                not deployments.counts_in_project
                or (
                    deployments.deployed_source = blamed.deployed_source
                    and deployments.deployed_id = blamed.deployed_id
                )
            )
    group by
        deployments.project,
        deployments.deployed_source,
        deployments.deployed_in,
        deployments.deployed_id,
        deployments.counts_in_project

    union all

    select
        'failed_deployment_recovery_time',
        project,
        source,
        quarter,
        date_sub('second', deployed_at, resolved_at),
        true
    from blamed
    where quarter = deployed_in

)

select
    metric,
    project,
    unnest(if(counts_in_project, [source, '*'], [source])) as source,
    quarter,
    value
from measured
where value is not null
