-- Each ledger at its newest version.
--
-- grain: source
select
    source,
    name,
    location,
    time_zone
from raw.ledgers_current
