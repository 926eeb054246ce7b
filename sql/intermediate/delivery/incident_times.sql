-- The incident times of each repository of a project: its own incidents, and those of the
-- project's ledgers, which name no repository.
--
-- A ledger is about the whole project, so the incidents of all repositories are its own.
--
-- grain: project, source, incident_source, incident_id
with

known as (

    select
        project,
        source
    from intermediate.incidents
    union
    select
        project,
        source
    from intermediate.project_deployments

)

select
    known.project,
    known.source,
    incidents.source as incident_source,
    incidents.incident_id,
    incidents.url,
    incidents.started_at,
    coalesce(incidents.resolved_at, 'infinity'::timestamptz) as resolved_at
from known
inner join intermediate.incidents as incidents
    on
        known.project = incidents.project
        and (
            known.source = incidents.source
            or ends_with(known.source, '#ledger')
            or incidents.incident_kind = 'ledger'
        )
where incidents.reason = 'counted' and incidents.started_at is not null
