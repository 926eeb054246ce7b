-- The commits that each revert takes back: the one that it names, or those that the
-- change request it names brought in.
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

)

select
    reverts.source,
    reverts.commit_hash,
    coalesce(reverts.reverted_hash, landings.merge_commit_hash) as reverted_hash
from staging.reverts as reverts
left join landings
    on
        reverts.source = landings.source
        and reverts.reverted_change_request_number = landings.change_request_number
where coalesce(reverts.reverted_hash, landings.merge_commit_hash) is not null
