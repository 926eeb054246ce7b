-- Each repository at its newest version.
--
-- grain: source
select
    source,
    name as repository_name,
    location,
    object_format,
    default_branch,
    default_branch_evidence,
    default_branch_hash,
    mailmap_hash,
    attributes_hash,
    is_empty,
    observed_at
from raw.repositories_current
