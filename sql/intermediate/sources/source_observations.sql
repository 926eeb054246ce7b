-- The last instant at which all mined parts of each repository and ledger had been polled.
--
-- grain: source
with

parts as (

    select
        source,
        source as looked_at
    from staging.repositories

    union

    select
        source,
        tracker_source as looked_at
    from staging.trackers

    union

    select
        source,
        source as looked_at
    from staging.ledgers

)

select
    parts.source,
    min(batches.last_observed_at) as last_observed_at
from parts
inner join staging.batches as batches on parts.looked_at = batches.source
group by parts.source
