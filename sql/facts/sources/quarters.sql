-- The fiscal quarters of the calendar in which any repository or ledger has something
-- to count, or a ledger reports something.
--
-- grain: quarter
-- export: whole
with

known as (

    select quarter_starts_on from intermediate.source_quarters
    union all
    select named_on as quarter_starts_on from intermediate.ledger_days
    where is_reported

),

used as (

    select
        min(quarter_starts_on) as first_starts_on,
        max(quarter_starts_on) as last_starts_on
    from known

),

quarters as (

    select
        quarters.quarter,
        quarters.fiscal_year,
        quarters.fiscal_quarter,
        quarters.starts_on as quarter_starts_on,
        quarters.ends_before as quarter_ends_before,
        quarters.starts_at as quarter_starts_at,
        quarters.ends_at as quarter_ends_at,
        quarters.time_zone
    from settings.quarters as quarters
    inner join used
        on quarters.starts_on between used.first_starts_on and used.last_starts_on

)

select * from quarters
