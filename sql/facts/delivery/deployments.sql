-- Every deployment to an environment, at its newest version.
--
-- It belongs to the quarter in which it first succeeded, else to that in which it
-- started.
--
-- grain: tracker_source, deployment_id
-- export: by quarter
with

deployments as (

    select
        deployments.source,
        deployments.tracker_source,
        deployments.deployment_id,
        deployments.environment,
        deployments.is_production,
        deployments.ref as deployed_ref,
        deployments.commit_hash,
        deployments.creator_login,
        deployments.status,
        deployments.fate,
        deployments.created_at,
        deployments.updated_at,
        deployments.status_at,
        deployments.succeeded_at,
        deployments.gone_noticed_at,
        quarters.quarter,
        quarters.starts_on as quarter_starts_on
    from staging.deployments as deployments
    left join staging.quarter_years as quarters
        on
            year(coalesce(deployments.succeeded_at, deployments.created_at)) = quarters.in_year
            and coalesce(deployments.succeeded_at, deployments.created_at)
            >= quarters.starts_at
            and coalesce(deployments.succeeded_at, deployments.created_at)
            < quarters.ends_at

)

select * from deployments
