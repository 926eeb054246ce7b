-- When each source was first and last looked at.
--
-- grain: source
select
    source,
    min(observed_at) as first_observed_at,
    max(observed_at) as last_observed_at
from raw.batches
where observed_at <= coalesce(getvariable('known_at'), 'infinity'::timestamptz)
group by source
