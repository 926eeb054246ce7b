-- The random numbers of forecasts, from 0 up to 1, the same in every build: 250 courses of
-- 13 weeks, of hashes of their numbers.
--
-- grain: course_number, weeks_ahead
-- made: as a view
with

courses as (select unnest(range(1, 251)) as course_number),

weeks as (select unnest(range(1, 14)) as weeks_ahead)

select
    courses.course_number,
    weeks.weeks_ahead,
    ('0x' || substr(md5(concat_ws('/', courses.course_number, weeks.weeks_ahead)), 1, 8))::bigint
    / 4294967296 as draw
from courses
cross join weeks
