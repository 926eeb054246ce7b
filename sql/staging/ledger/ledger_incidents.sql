-- Incidents in ledgers, at their newest version.
--
-- A row without a project belongs to the project with its ledger's name.
--
-- grain: source, incident_id
select
    incidents.source,
    coalesce(incidents.project, ledgers.name) as project,
    incidents.incident_id,
    incidents.service,
    incidents.site,
    incidents.title,
    incidents.title_ko,
    incidents.started_at,
    incidents.recovered_at,
    incidents.deployment_id,
    incidents.reported_hours,
    incidents.reported_quarter,
    incidents.link,
    incidents.note
from raw.ledger_incidents_current as incidents
inner join staging.ledgers as ledgers on incidents.source = ledgers.source
where not incidents.is_deleted
