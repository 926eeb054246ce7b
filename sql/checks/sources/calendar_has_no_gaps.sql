-- Every quarter ends where the next one starts. Otherwise an instant would be in none
-- or in two.
with

neighbours as (

    select
        quarter,
        starts_on,
        ends_before,
        starts_at,
        ends_at,
        lead(starts_on) over (order by starts_at) as next_starts_on,
        lead(starts_at) over (order by starts_at) as next_starts_at
    from settings.quarters

)

select * from neighbours
where
    starts_at >= ends_at
    or starts_on >= ends_before
    or ends_at != next_starts_at
    or ends_before != next_starts_on
