-- The quarters of each ledger: from the first day in it to its last poll.
--
-- grain: source, quarter
with

told as (

    select
        source,
        quarter_starts_on
    from facts.ledger_tasks
    union all
    select
        source,
        quarter_starts_on
    from facts.ledger_deployments
    union all
    select
        source,
        quarter_starts_on
    from facts.ledger_incidents
    union all
    select
        source,
        quarter_starts_on
    from facts.ledger_activities

),

firsts as (

    select
        source,
        min(quarter_starts_on) as first_on
    from told
    group by source

)

select
    firsts.source,
    quarters.quarter,
    quarters.starts_on as quarter_starts_on,
    batches.last_observed_at >= quarters.ends_at as is_complete
from firsts
inner join staging.batches as batches on firsts.source = batches.source
inner join settings.quarters as quarters
    on
        firsts.first_on <= quarters.starts_on
        and batches.last_observed_at >= quarters.starts_at
