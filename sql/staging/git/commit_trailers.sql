-- Every trailer line of every commit message.
--
-- grain: source, commit_hash, trailer_number
select
    source,
    commit_hash,
    trailer_number,
    token,
    value as trailer_value
from raw.commit_trailers_known
