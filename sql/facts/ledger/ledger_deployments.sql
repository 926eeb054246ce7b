-- Planned and actual deployments in ledgers.
--
-- A deployment belongs to the quarter of its day, else to that of its planned day.
--
-- grain: source, deployment_id
-- export: whole
with

rows_now as (

    select
        *,
        coalesce(deployed_on, planned_on) as quarter_on
    from staging.ledger_deployments

)

select
    rows_now.source,
    rows_now.project,
    rows_now.deployment_id,
    rows_now.site,
    rows_now.planned_on,
    rows_now.deployed_on,
    rows_now.attempt,
    rows_now.status as deployment_status,
    quarters.quarter,
    quarters.starts_on as quarter_starts_on,
    rows_now.reported_quarter,
    rows_now.link,
    rows_now.note
from rows_now
left join settings.quarters as quarters
    on
        rows_now.quarter_on >= quarters.starts_on
        and rows_now.quarter_on < quarters.ends_before
