-- The first poll and the last complete poll of each source.
--
-- A batch that is one part of a mining is not a complete poll. A source with only such
-- batches has no complete poll.
--
-- grain: source
select
    source,
    min(observed_at) as first_observed_at,
    max(observed_at) filter (where not is_partial) as last_observed_at
from raw.batches_known
group by source
