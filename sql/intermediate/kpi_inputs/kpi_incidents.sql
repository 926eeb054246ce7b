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

copies as (

    select
        project,
        source,
        incident_id,
        settings.counts_in(incident_id, project, source, precedence) as counts_in
    from reverts

)

select
    incidents.*,
    copies.counts_in
from intermediate.incident_deployments as incidents
left join copies
    on
        incidents.project = copies.project
        and incidents.source = copies.source
        and incidents.incident_id = copies.incident_id
