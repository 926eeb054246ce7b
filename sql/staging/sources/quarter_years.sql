-- The calendar's quarters, one row for each calendar year that a quarter overlaps.
--
-- A join on an equal year is much faster than one on two bounds alone. The bounds still
-- decide.
--
-- grain: quarter, in_year
select
    quarter,
    starts_on,
    starts_at,
    ends_at,
    unnest(range(year(starts_at), year(ends_at) + 1)) as in_year
from settings.quarters
