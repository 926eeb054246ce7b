-- The quarters of each repository, by its commits or by its trackers, and of each
-- ledger, and whether each is complete.
--
-- A quarter is complete once all mined parts of the repository were polled after its end.
--
-- grain: source, quarter
with

spines as (

    select * from facts.repository_quarters
    union all
    select * from facts.tracker_quarters
    union all
    select * from intermediate.ledger_quarters

),

source_quarters as (

    select
        source,
        quarter,
        quarter_starts_on,
        bool_and(is_complete) as is_complete
    from spines
    group by source, quarter, quarter_starts_on

)

select
    source_quarters.*,
    bounds.starts_at,
    bounds.ends_at,
    least(bounds.ends_at, looks.last_observed_at) as seen_until_at
from source_quarters
inner join settings.quarters as bounds on source_quarters.quarter = bounds.quarter
inner join intermediate.source_observations as looks on source_quarters.source = looks.source
