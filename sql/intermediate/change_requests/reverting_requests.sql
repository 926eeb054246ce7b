-- The change requests that take back another one: a commit of theirs, or the one that merged
-- them, reverts a commit of the other, or the one that merged it.
--
-- grain: tracker_source, change_request_number, reverted_change_request_number
with

brought as (

    select
        source,
        tracker_source,
        change_request_number,
        commit_hash
    from facts.change_request_commits

    union

    select
        source,
        tracker_source,
        change_request_number,
        merge_commit_hash as commit_hash
    from intermediate.change_request_merges
    where merge_commit_hash is not null

)

select
    brought.source,
    brought.tracker_source,
    brought.change_request_number,
    reverted.change_request_number as reverted_change_request_number,
    min(commits.committed_at) as reverted_at
from intermediate.reverted_commits as reverts
inner join brought
    on reverts.source = brought.source and reverts.commit_hash = brought.commit_hash
inner join brought as reverted
    on
        brought.tracker_source = reverted.tracker_source
        and reverts.reverted_hash = reverted.commit_hash
        and brought.change_request_number != reverted.change_request_number
left join facts.commits as commits
    on reverts.source = commits.source and reverts.commit_hash = commits.commit_hash
where not reverts.is_reapply
group by
    brought.source, brought.tracker_source, brought.change_request_number,
    reverted.change_request_number
