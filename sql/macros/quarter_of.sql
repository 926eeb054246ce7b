-- The fiscal quarter of an instant; null outside the calendar.
create or replace macro marts.quarter_of(instant) as (
    select quarter
    from settings.quarters
    where instant::timestamptz >= starts_at and instant::timestamptz < ends_at
);
