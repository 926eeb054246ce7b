-- Each ledger as it was last found.
--
-- grain: source
select
    source,
    name,
    location,
    time_zone
from raw.ledgers
where observed_at <= coalesce(getvariable('known_at'), 'infinity'::timestamptz)
qualify
    row_number() over (
        partition by source
        order by batch desc
    ) = 1
