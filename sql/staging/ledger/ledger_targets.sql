-- What ledgers say that figures are to reach, as it was last found.
--
-- Without a project it is for each; * is all together.
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
