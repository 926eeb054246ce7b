-- The commit or change request that each reverting commit names, and how often its subject
-- states that the change was reverted.
--
-- `git revert` writes "This reverts commit"; hosts write "Reverts" and the change
-- request. The revert of a revert is `Reapply "…"` to git and `Revert "Revert "…""` to
-- hosts; others write `Reland`. A quoted message (`> This reverts commit`) is not its own.
--
-- grain: source, commit_hash
with

reverts as (

    select
        source,
        commit_hash,
        regexp_extract(body, '(?m)^[^>\n]*This reverts commit ([0-9a-f]{40,64})', 1)
            as reverted_hash,
        regexp_extract(body, '(?m)^Reverts [\w.@:/-]*[#!]([0-9]{1,9})\b', 1)
            as reverted_number,
        regexp_extract(
            lower(subject),
            '^(?:(?:revert|re-?apply|re-?land|unrevert)(?:\([^)]*\))?(?:: ?| ?")[ "]*)*'
        ) as prefix
    from raw.commits_known
    where body like '%This reverts commit%' or body like '%Reverts %'

)

select
    source,
    commit_hash,
    nullif(reverted_hash, '') as reverted_hash,
    nullif(reverted_number, '')::bigint as reverted_change_request_number,
    nullif(
        len(regexp_extract_all(prefix, '\brevert'))
        + 2 * len(regexp_extract_all(prefix, '\b(?:re-?apply|re-?land|unrevert)')),
        0
    ) as reversal_count
from reverts
where reverted_hash != '' or reverted_number != ''
