-- Each ledger as it was last found.
--
-- grain: source
select
    source,
    name,
    location,
    time_zone
from raw.ledgers_current
