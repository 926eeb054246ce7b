-- The quarters of each ledger: from the first day that it names or reports to its last
-- poll.
--
-- grain: source, quarter
with

firsts as (

    select
        source,
        min(named_on) as first_on
    from intermediate.ledger_days
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
        firsts.first_on < quarters.ends_before
        and batches.last_observed_at >= quarters.starts_at
