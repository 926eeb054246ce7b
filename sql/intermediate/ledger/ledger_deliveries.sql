-- The deliveries that ledgers planned for a day that has come.
--
-- On time is a deployment that succeeded on that day or before. What was canceled was
-- not to be delivered any more.
--
-- grain: project, source, deployment_id
with

due as (

    select
        deployments.*,
        quarters.quarter as due_quarter,
        timezone(quarters.time_zone, deployments.planned_on::timestamp) as due_at,
        timezone(quarters.time_zone, deployments.deployed_on::timestamp) as deployed_at,
        timezone(quarters.time_zone, (deployments.planned_on + 1)::timestamp) as late_at
    from facts.ledger_deployments as deployments
    inner join settings.quarters as quarters
        on
            deployments.planned_on >= quarters.starts_on
            and deployments.planned_on < quarters.ends_before

)

select
    due.project,
    due.source,
    due.due_quarter as quarter,
    due.deployment_id,
    due.link,
    due.due_at,
    due.reported_quarter,
    coalesce(
        due.deployment_status = 'succeeded' and due.deployed_on <= due.planned_on, false
    ) as is_on_time,
    case
        when due.deployment_status = 'canceled' then 'canceled'
        when
            looks.last_observed_at < due.late_at
            and coalesce(due.deployed_at > looks.last_observed_at, true)
            then 'not_due_yet'
        else 'counted'
    end as reason
from due
inner join staging.batches as looks
    on due.source = looks.source and due.due_at <= looks.last_observed_at
