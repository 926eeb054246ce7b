-- The deployments that ledgers plan or tell of.
--
-- Its quarter is that of the day on which it was made, or else was planned for.
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
    coalesce(by_day.quarter, by_name.quarter) as quarter,
    coalesce(by_day.starts_on, by_name.starts_on) as quarter_starts_on,
    rows_now.reported_quarter,
    rows_now.link,
    rows_now.note
from rows_now
left join settings.quarters as by_day
    on
        rows_now.quarter_on >= by_day.starts_on
        and rows_now.quarter_on < by_day.ends_before
left join settings.quarters as by_name on rows_now.reported_quarter = by_name.quarter
