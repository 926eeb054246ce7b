-- Targets of figures in ledgers, at their newest version.
--
-- A target without a project is one for each project; * is all projects together.
--
-- grain: source, target_id
select
    source,
    project,
    target_id,
    year,
    quarter,
    kpi,
    title,
    title_ko,
    unit,
    target,
    near,
    better,
    accepted_until,
    note
from raw.ledger_targets_current
where not is_deleted
