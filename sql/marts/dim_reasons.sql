-- Why a row counts in a KPI, or does not.
--
-- grain: reason
-- export: whole
select
    reason,
    meaning,
    meaning_ko,
    is_gap
from settings.reasons
