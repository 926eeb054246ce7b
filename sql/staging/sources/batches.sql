-- When each source was first looked at, and last looked at to the end.
--
-- A batch that is part of a mining with more to follow is no complete look: while all
-- are, there is none.
--
-- grain: source
select
    source,
    min(observed_at) as first_observed_at,
    max(observed_at) filter (where not is_partial) as last_observed_at
from raw.batches_known
group by source
