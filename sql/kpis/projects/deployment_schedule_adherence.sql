-- Of the deliveries that were due in the quarter, how many came on time?
--
-- Deliveries are milestones with a due day, and what a ledger planned for a day, in the
-- quarter of that day. On time is closed before that day ended, in the settings' time
-- zone, or, where a deployment has the milestone's title as its tag, deployed before it
-- ended; of a ledger, deployed with success on that day or before.
--
-- Bias: Moving the due day on time makes everything punctual; the tracker keeps no
-- history of it.
--
-- title: Deployment schedule adherence
-- title_ko: 배포 일정 준수율
-- position: 520
-- unit: ratio
-- kind: ratio
-- better: higher
-- needs: evidence
-- version: 4
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

),

-- The deliveries that ledgers planned for a day that has come.
ledger_deliveries as (

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

)

select
    *,
    'milestone' as subject_type,
    1 as denominator
from intermediate.due_milestones

union all by name

select
    project,
    source,
    quarter,
    'deployment' as subject_type,
    deployment_id as subject_id,
    link as subject_url,
    due_at as happened_at,
    reason,
    reported_quarter,
    is_on_time::bigint as numerator,
    1 as denominator
from ledger_deliveries
