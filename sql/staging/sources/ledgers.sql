-- Each ledger at its newest version.
--
-- grain: source
select
    source,
    name,
    location,
    time_zone,
    findings
from raw.ledgers_current
