-- The calendar's quarters, each once for every year that it touches.
--
-- A join by an equal year is much faster than one by two bounds alone, which still
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
