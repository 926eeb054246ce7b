-- Activities in ledgers other than writing code: trips, meetings, posts, tests.
--
-- An activity belongs to the quarter of its first day, else to the reported one.
--
-- grain: source, activity_id
-- export: whole
with

rows_now as (

    select
        *,
        happened_on as quarter_on
    from staging.ledger_activities

)

select
    rows_now.source,
    rows_now.project,
    rows_now.activity_id,
    rows_now.kind as activity_kind,
    rows_now.site,
    rows_now.title,
    rows_now.title_ko,
    rows_now.happened_on,
    rows_now.happened_until,
    rows_now.hours::double as hours,
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
left join settings.quarters as by_name
    on
        rows_now.quarter_on is null
        and rows_now.reported_quarter = by_name.quarter
