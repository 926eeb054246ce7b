-- The incidents of ledgers that had begun at the last poll.
--
-- Where the start or the end is missing, it is the other one and the reported hours. An
-- incident that ends after the last poll has not ended yet.
--
-- grain: project, source, incident_id
with

told as (

    select
        *,
        (reported_hours * 3600)::bigint as reported_seconds,
        coalesce(started_at, recovered_at - to_seconds(reported_seconds)) as began_at,
        coalesce(recovered_at, started_at + to_seconds(reported_seconds)) as ended_at
    from facts.ledger_incidents

)

select
    told.project,
    told.source,
    told.incident_id,
    told.link,
    told.began_at,
    if(told.ended_at <= looks.last_observed_at, told.ended_at, null) as ended_at,
    told.reported_quarter,
    told.reported_seconds,
    deployments.deployment_number
from told
inner join staging.batches as looks on told.source = looks.source
left join settings.quarters as quarters on told.reported_quarter = quarters.quarter
left join intermediate.project_deployments as deployments
    on
        told.project = deployments.project
        and told.source = deployments.source
        and told.deployment_id = deployments.deployment_id
where coalesce(told.began_at, quarters.starts_at) <= looks.last_observed_at
