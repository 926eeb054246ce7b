-- Every commit ever observed; an absent name or address is empty.
--
-- A committer's time is usable if it is after the start of 1970 and at most a day after
-- the run that first observed the commit.
--
-- grain: source, commit_hash
select
    source,
    commit_hash,
    tree_hash,
    parent_hashes,
    length(parent_hashes) - length(replace(parent_hashes, ' ', ''))
    + (parent_hashes != '')::bigint as parent_count,

    coalesce(author_name, '') as author_name,
    coalesce(author_email, '') as author_email,
    coalesce(committer_name, '') as committer_name,
    coalesce(committer_email, '') as committer_email,

    subject,
    is_signed,
    anomalies,

    authored_at,
    author_offset_minutes,
    committed_at,
    committer_offset_minutes,
    observed_at as first_observed_at,
    case
        when committed_at is null then 'missing'
        when committed_at > observed_at + interval 1 day then 'future'
        when epoch_us(committed_at) <= 0 then 'before_git'
        else 'ok'
    end as time_reason,
    case when time_reason = 'ok' then committed_at end as counted_at
from raw.commits_known
