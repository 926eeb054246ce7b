-- The instants between which each project that has such days was active.
--
-- grain: project
with

zones as (

    select any_value(time_zone) as time_zone from settings.quarters

)

select
    projects.project,
    coalesce(
        timezone(zones.time_zone, projects.active_from::timestamp),
        '-infinity'::timestamptz
    ) as active_from_at,
    coalesce(
        timezone(zones.time_zone, (projects.active_until + 1)::timestamp),
        'infinity'::timestamptz
    ) as active_until_at
from settings.projects as projects
cross join zones
where projects.active_from is not null or projects.active_until is not null
