-- The commit or change request that each reverting commit names.
--
-- `git revert` writes "This reverts commit"; hosts write "Reverts" and the change
-- request.
--
-- grain: source, commit_hash
with

reverts as (

    select
        source,
        commit_hash,
        regexp_extract(body, 'This reverts commit ([0-9a-f]{40,64})', 1)
            as reverted_hash,
        regexp_extract(body, '(?m)^Reverts [\w.@:/-]*[#!]([0-9]{1,9})\b', 1)
            as reverted_number
    from raw.commits_known
    where body like '%This reverts commit%' or body like '%Reverts %'

)

select
    source,
    commit_hash,
    nullif(reverted_hash, '') as reverted_hash,
    nullif(reverted_number, '')::bigint as reverted_change_request_number
from reverts
where reverted_hash != '' or reverted_number != ''
