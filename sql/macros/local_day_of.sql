-- The local day of an instant, in the time zone of the calendar.
create or replace macro marts.local_day_of(instant) as (
    select timezone(zones.time_zone, instant::timestamptz)::date  -- noqa: RF03
    from (select any_value(time_zone) as time_zone from settings.quarters) as zones
);
