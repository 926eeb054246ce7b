-- The rows that are published: of a sealed quarter those of its seal, else those known now.
--
-- grain: kpi, project, source, quarter, subject_type, subject_id
-- made: as a view
select
    rows_now.*,
    null::boolean as counts_in_all,
    false as is_sealed
from figures.kpi_rows as rows_now
anti join sealed.scopes as scopes
    on
        rows_now.kpi = scopes.kpi
        and rows_now.project = scopes.project
        and rows_now.quarter = scopes.quarter

union all by name

select
    *,
    true as is_sealed
from sealed.evidence
