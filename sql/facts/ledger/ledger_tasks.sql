-- Planned and measured work in ledgers.
--
-- A task belongs to the quarter of its completion, else to that of its planned day,
-- else to that of its start, else to the reported one.
--
-- grain: source, task_id
-- export: whole
with

rows_now as (

    select
        *,
        coalesce(completed_on, planned_on, started_on) as quarter_on
    from staging.ledger_tasks

)

select
    rows_now.source,
    rows_now.project,
    rows_now.task_id,
    rows_now.title,
    rows_now.title_ko,
    rows_now.planned_on,
    rows_now.started_on,
    rows_now.completed_on,
    rows_now.reported_days::double as reported_days,
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
