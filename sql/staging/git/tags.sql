-- Every annotated tag object ever observed.
--
-- grain: source, tag_hash
select
    source,
    tag_hash,
    tag_name,
    target_hash,
    target_kind,
    tagger_name,
    tagger_email,
    message,
    is_signed,
    anomalies,
    tagged_at,
    tagger_offset_minutes,
    observed_at as first_observed_at
from raw.tags_known
