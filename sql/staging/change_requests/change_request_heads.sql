-- The heads of change requests in Git, at their last known commit.
--
-- grain: source, change_request_number
with

newest as (

    select
        source,
        regexp_extract(
            ref_name, '^refs/(?:pull|merge-requests)/([0-9]{1,9})/head$', 1
        ) as number,
        arg_max(commit_hash, batch) as head_hash
    from staging.ref_versions
    where ref_kind = 'change_request' and number != ''
    group by source, number

)

select
    source,
    number::bigint as change_request_number,
    head_hash
from newest
where head_hash is not null
