-- Every version of a ref's target; null if the ref was deleted.
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
