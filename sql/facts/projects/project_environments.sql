-- The environments to which each project that counts deployments deploys, and whether
-- deployments there count.
--
-- grain: project, source, environment
-- export: whole
with

counted as (

    select distinct
        project,
        source,
        name as environment
    from intermediate.considered_deployments
    where deployment_kind = 'deployment'

),

chosen as (

    select
        project,
        bool_or(rule = 'deployments' and pattern = 'deployment') as has_deployments,
        bool_or(rule = 'environments') as has_environment_rules
    from settings.project_rules
    group by project

),

project_environments as (

    select
        owned.project,
        owned.source,
        deployments.environment,
        counted.environment is not null as is_counted_environment,
        chosen.has_environment_rules,
        count(*) as deployment_count,
        max(deployments.created_at) as last_deployment_at
    from facts.project_repositories as owned
    inner join chosen on owned.project = chosen.project and chosen.has_deployments
    inner join facts.deployments as deployments on owned.source = deployments.source
    left join counted
        on
            owned.project = counted.project
            and owned.source = counted.source
            and deployments.environment = counted.environment
    where deployments.fate is null and deployments.environment is not null
    group by all

)

select * from project_environments
