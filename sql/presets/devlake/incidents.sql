-- Apache DevLake's failed deployments and recoveries, over our deployments and incidents.
--
-- An incident is an issue, or a ledger's, and laid to the last deployment before it in
-- any repository of the project, however old. What took a failed deployment to recover
-- counts if both the deployment and the recovery are in the quarter.
--
-- grain: metric, project, source, deployment or incident
with

deployments as (

    select
        project,
        source,
        quarter,
        subject_id as deployment_id,
        happened_at as deployed_at
    from facts.kpi_evidence
    where kpi = 'deployment_frequency' and is_counted

),

incidents as (

    select
        project,
        source,
        quarter,
        if(is_counted, happened_at, null) as resolved_at,
        if(is_counted, value, null) as seconds,
        if(is_counted, happened_at - to_seconds(value), happened_at) as created_at
    from facts.kpi_evidence
    where
        kpi = 'mean_time_to_recovery'
        and reason in ('counted', 'still_open')
        and (subject_id like '%#%' or source like '%#ledger')

),

blamed as (

    select
        incidents.*,
        deployments.source as deployed_source,
        deployments.quarter as deployed_in,
        deployments.deployment_id,
        deployments.deployed_at
    from incidents
    asof inner join deployments
        on
            incidents.project = deployments.project
            and incidents.created_at >= deployments.deployed_at

),

failures as (

    select distinct
        project,
        deployed_source,
        deployment_id
    from blamed

),

measured (metric, project, source, quarter, value) as (

    select
        'change_fail_rate',
        deployments.project,
        deployments.source,
        deployments.quarter,
        (failures.project is not null)::bigint
    from deployments
    left join failures
        on
            deployments.project = failures.project
            and deployments.source = failures.deployed_source
            and deployments.deployment_id = failures.deployment_id

    union all

    select
        'failed_deployment_recovery_time',
        project,
        source,
        quarter,
        date_diff('second', deployed_at, resolved_at)
    from blamed
    where quarter = deployed_in

    union all

    select
        'mean_time_to_recovery',
        project,
        source,
        quarter,
        seconds
    from incidents

)

select
    metric,
    project,
    unnest([source, '*']) as source,
    quarter,
    value
from measured
where value is not null
