-- Every complete poll of a source, with the one before it; null if it is the first.
--
-- grain: source, polled_at
select distinct
    source,
    observed_at as polled_at,
    max(observed_at) over (
        partition by source
        order by observed_at
        range between unbounded preceding and interval 1 microsecond preceding
    ) as polled_before_at
from raw.batches_known
where not is_partial
