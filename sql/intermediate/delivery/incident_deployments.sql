-- The one deployment to which each incident is attributed: the newest of those with the
-- best grade; and when production had recovered from it.
--
-- Production has recovered once the repair is deployed, what closed the issue or a
-- rollback, whichever came first; where none is known, at the incident's own end. A
-- rollback of a deployment that has another incident is part of that.
--
-- grain: project, source, incident_id
with

incidents as (select * exclude (deployment_number) from intermediate.incidents),

grades (grade, rank) as (

    values
    ('explicit', 1), ('revert', 2), ('rollback', 3), ('hotfix', 4), ('label', 5), ('window', 6)

),

best as (

    select
        blames.*,
        deployments.deployment_id,
        deployments.deployed_at
    from intermediate.incident_deployment_candidates as blames
    inner join grades on blames.grade = grades.grade
    inner join intermediate.project_deployments as deployments
        on
            blames.project = deployments.project
            and blames.deployment_source = deployments.source
            and blames.deployment_number = deployments.deployment_number
    qualify
        row_number() over (
            partition by blames.project, blames.source, blames.incident_id
            order by
                grades.rank asc, deployments.deployed_at desc,
                blames.deployment_source asc, blames.deployment_number desc
        ) = 1

),

deployed_repairs as (

    select
        incidents.project,
        incidents.source,
        incidents.incident_id,
        min(deployments.deployed_at) as repaired_at
    from incidents
    inner join intermediate.incident_repairs as repairs
        on
            incidents.project = repairs.project
            and incidents.source = repairs.source
            and incidents.incident_id = repairs.incident_id
    inner join intermediate.deployed_commits as deployed
        on
            repairs.project = deployed.project
            and repairs.source = deployed.source
            and repairs.commit_hash = deployed.commit_hash
    inner join intermediate.project_deployments as deployments
        on
            deployed.project = deployments.project
            and deployed.source = deployments.source
            and deployed.deployment_number = deployments.deployment_number
            and incidents.noticed_at <= deployments.deployed_at
    group by incidents.project, incidents.source, incidents.incident_id

),

attributed as (

    select
        incidents.*,
        best.grade,
        best.deployment_source,
        best.deployment_number,
        best.deployment_id,
        best.deployed_at,
        incidents.incident_kind != 'ledger' as has_repairs,
        if(has_repairs, repairs.repaired_at, null) as repaired_at,
        if(has_repairs, rollbacks.resolved_at, null) as rolled_back_at
    from incidents
    left join best
        on
            incidents.project = best.project
            and incidents.source = best.source
            and incidents.incident_id = best.incident_id
    left join deployed_repairs as repairs
        on
            incidents.project = repairs.project
            and incidents.source = repairs.source
            and incidents.incident_id = repairs.incident_id
    left join intermediate.incidents as rollbacks
        on
            rollbacks.incident_kind = 'rollback'
            and best.project = rollbacks.project
            and best.deployment_source = rollbacks.source
            and best.deployment_number = rollbacks.deployment_number

)

select
    * exclude (has_repairs, repaired_at, rolled_back_at) replace (
        if(
            incident_kind = 'rollback'
            and count(*) filter (
                where incident_kind != 'rollback' and reason = 'counted'
            ) over (partition by project, deployment_source, deployment_number) > 0,
            'duplicate',
            reason
        ) as reason
    ),
    least(rolled_back_at, coalesce(repaired_at, resolved_at)) as recovered_at,
    case
        when incident_kind in ('revert', 'rollback') or recovered_at is null then null
        when recovered_at = rolled_back_at then 'rollback'
        when recovered_at = repaired_at then 'repair'
    end as recovery_grade
from attributed
