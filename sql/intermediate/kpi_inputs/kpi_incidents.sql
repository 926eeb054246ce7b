-- The incidents of each project with the deployment to which each is attributed, and where
-- another repository counts the same revert.
--
-- A revert that several repositories have, such as a fork, counts in the one in which it
-- counts at all, and in which production recovered first.
--
-- grain: project, source, incident_id
with

reverts as (

    select
        project,
        source,
        incident_id,
        row(
            reason != 'counted',
            deployment_number is null,
            coalesce(recovered_at, resolved_at, 'infinity'::timestamptz),
            source
        ) as precedence
    from intermediate.incident_deployments
    where incident_kind = 'revert'

),

firsts as (

    select
        project,
        source,
        incident_id,
        first_value(source) over (
            partition by project, incident_id order by precedence
        ) as first_in_project,
        first_value(source) over (partition by incident_id order by precedence)
            as first_in_all
    from reverts

)

select
    incidents.*,
    case
        when firsts.source != firsts.first_in_project then 'repository'
        when firsts.source != firsts.first_in_all then 'repository_and_project'
    end as counts_in
from intermediate.incident_deployments as incidents
left join firsts
    on
        incidents.project = firsts.project
        and incidents.source = firsts.source
        and incidents.incident_id = firsts.incident_id
