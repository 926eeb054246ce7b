-- Incidents in ledgers.
--
-- An incident belongs to the quarter of its end, else to that of its start, else to the
-- reported one.
--
-- grain: source, incident_id
-- export: whole
with

rows_now as (

    select
        *,
        coalesce(recovered_at, started_at) as quarter_at
    from staging.ledger_incidents

)

select
    rows_now.source,
    rows_now.project,
    rows_now.incident_id,
    rows_now.service,
    rows_now.site,
    rows_now.title,
    rows_now.title_ko,
    rows_now.started_at,
    rows_now.recovered_at,
    rows_now.deployment_id,
    rows_now.reported_hours::double as reported_hours,
    coalesce(by_day.quarter, by_name.quarter) as quarter,
    coalesce(by_day.starts_on, by_name.starts_on) as quarter_starts_on,
    rows_now.reported_quarter,
    rows_now.link,
    rows_now.note
from rows_now
left join settings.quarters as by_day
    on
        rows_now.quarter_at >= by_day.starts_at
        and rows_now.quarter_at < by_day.ends_at
left join settings.quarters as by_name
    on
        rows_now.quarter_at is null
        and rows_now.reported_quarter = by_name.quarter
