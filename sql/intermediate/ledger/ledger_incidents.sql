-- The incidents of ledgers that had begun at the last poll.
--
-- Where the start or the end is missing, it is the other one and the reported hours, if
-- these are no longer than the calendar. An incident that ends after the last poll has not
-- ended yet.
--
-- grain: project, source, incident_id
with

incidents as (

    select
        *,
        case when abs(reported_hours) <= 1200000 then (reported_hours * 3600)::bigint end
            as reported_seconds,
        coalesce(started_at, recovered_at - to_seconds(reported_seconds)) as began_at,
        coalesce(recovered_at, started_at + to_seconds(reported_seconds)) as ended_at
    from facts.ledger_incidents

)

select
    incidents.project,
    incidents.source,
    incidents.incident_id,
    incidents.link,
    incidents.began_at,
    if(incidents.ended_at <= batches.last_observed_at, incidents.ended_at, null) as ended_at,
    incidents.reported_quarter,
    incidents.reported_seconds,
    deployments.deployment_number
from incidents
inner join staging.batches as batches on incidents.source = batches.source
left join settings.quarters as quarters on incidents.reported_quarter = quarters.quarter
left join intermediate.project_deployments as deployments
    on
        incidents.project = deployments.project
        and incidents.source = deployments.source
        and incidents.deployment_id = deployments.deployment_id
where coalesce(incidents.began_at, quarters.starts_at) <= batches.last_observed_at
