-- The commits that each revert takes back: the one that it names, or those that the
-- change request it names brought in.
--
-- The revert of a revert is a reapply: it brings the change back. The subject states how
-- often it was reverted; where it does not, the subject of the reverted commit does.
--
-- grain: source, commit_hash, reverted_hash
with

landings as (

    select
        source,
        change_request_number,
        min(merge_commit_hash) as merge_commit_hash
    from intermediate.change_request_merges
    where merge_commit_hash is not null
    group by source, change_request_number

),

named as (

    select
        reverts.source,
        reverts.commit_hash,
        reverts.reversal_count,
        coalesce(reverts.reverted_hash, landings.merge_commit_hash) as reverted_hash
    from staging.reverts as reverts
    left join landings
        on
            reverts.source = landings.source
            and reverts.reverted_change_request_number = landings.change_request_number

)

select
    named.source,
    named.commit_hash,
    named.reverted_hash,
    case
        when named.reversal_count is not null then named.reversal_count % 2 = 0
        when reverted.commit_hash is null then false
        else coalesce(reverted.reversal_count, 1) % 2 = 1
    end as is_reapply
from named
left join staging.reverts as reverted
    on named.source = reverted.source and named.reverted_hash = reverted.commit_hash
where named.reverted_hash is not null
