-- Every version of where a ref pointed; one that was gone has no target.
--
-- grain: source, ref_name, batch
select
    source,
    ref_name,
    batch,
    ref_kind,
    target_hash,
    commit_hash,
    symbolic_target,
    observed_at
from raw.refs_known
