-- The deployments of each project: whether an incident is attributed to them, and whether
-- they ended one.
--
-- A deployment that brings a revert of what was deployed, a hotfix, or what closed an
-- incident's issue is rework, and so is a ledger's later attempt. Of a version that several
-- repositories have with its tag, such as a fork, the one counts to which an incident is
-- attributed, that is rework, or that was deployed first, while its project was active.
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

),

deployments as (

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

),

versions as (

    select
        deployments.project,
        deployments.source,
        deployments.deployment_number,
        [deployments.tag_name, deployments.commit_hash] as version,
        row(
            coalesce(
                deployments.deployed_at < periods.active_from_at
                or deployments.deployed_at >= periods.active_until_at,
                false
            ),
            deployments.incident_count = 0,
            deployments.rework_grade is null,
            deployments.deployed_at,
            deployments.source
        ) as precedence
    from deployments
    left join intermediate.project_periods as periods
        on deployments.project = periods.project
    where
        deployments.deployment_kind in ('release', 'tag')
        and deployments.commit_hash is not null

),

copies as (

    select
        project,
        source,
        deployment_number,
        settings.counts_in(version, project, source, precedence) as counts_in
    from versions

)

select
    deployments.*,
    copies.counts_in
from deployments
left join copies
    on
        deployments.project = copies.project
        and deployments.source = copies.source
        and deployments.deployment_number = copies.deployment_number
