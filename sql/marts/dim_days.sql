-- The local days from the first quarter that any row has to the last: their week, month and
-- fiscal quarter, and the instants between which they lie.
--
-- Working days are Monday to Friday: holidays are not known.
--
-- grain: day
-- export: whole
with

known as (

    select quarter_starts_on from facts.quarters
    union all
    select quarter_starts_on from facts.commits
    union all
    select quarter_starts_on from facts.issues
    union all
    select quarter_starts_on from facts.change_requests
    union all
    select quarter_starts_on from facts.releases

),

used as (

    select
        min(quarter_starts_on) as first_starts_on,
        max(quarter_starts_on) as last_starts_on
    from known

),

days as (

    select
        quarters.*,
        unnest(generate_series(
            quarters.starts_on::timestamp,
            quarters.ends_before - interval 1 day,
            interval 1 day
        ))::date as day
    from settings.quarters as quarters
    inner join used
        on quarters.starts_on between used.first_starts_on and used.last_starts_on

)

select
    day,
    isodow(day)::bigint as weekday,
    isodow(day) <= 5 as is_working_day,
    strftime(day, '%G-W%V') as week,
    date_trunc('week', day)::date as week_starts_on,
    strftime(day, '%Y-%m') as month,
    date_trunc('month', day)::date as month_starts_on,
    quarter,
    starts_on as quarter_starts_on,
    fiscal_year::bigint as fiscal_year,
    fiscal_quarter::bigint as fiscal_quarter,

    timezone(time_zone, day::timestamp) as day_starts_at,
    timezone(time_zone, (day + 1)::timestamp) as day_ends_at
from days
