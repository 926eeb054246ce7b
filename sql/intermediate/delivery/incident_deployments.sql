-- The one deployment to which each incident is attributed: the newest of those with the
-- best grade.
--
-- grain: project, source, incident_id
with

incidents as (select * exclude (deployment_number) from intermediate.incidents),

grades (grade, rank) as (

    values
    ('explicit', 1), ('revert', 2), ('hotfix', 3), ('label', 4), ('window', 5)

),

best as (

    select
        blames.*,
        row_number() over (
            partition by blames.project, blames.source, blames.incident_id
            order by grades.rank asc, blames.deployment_number desc
        ) as choice
    from intermediate.incident_deployment_candidates as blames
    inner join grades on blames.grade = grades.grade

)

select
    incidents.*,
    best.grade,
    deployments.deployment_number,
    deployments.deployment_id,
    deployments.deployed_at
from incidents
left join best
    on
        incidents.project = best.project
        and incidents.source = best.source
        and incidents.incident_id = best.incident_id
        and best.choice = 1
left join intermediate.project_deployments as deployments
    on
        best.project = deployments.project
        and best.source = deployments.source
        and best.deployment_number = deployments.deployment_number
