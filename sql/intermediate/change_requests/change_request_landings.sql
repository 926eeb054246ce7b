-- The commit that probably merged each merged change request, with its own commits.
--
-- The commits before the merge on the first-parent chain, as many as it has of its own,
-- are compared with its own: same author, and same author instant.
--
-- grain: tracker_source, change_request_number
with

landed as (

    select
        requests.*,
        candidates.merge_commit_evidence,
        candidates.commit_hash as landed_hash,
        candidates.parent_count,
        candidates.is_squash_like,
        split_part(candidates.parent_hashes, ' ', 2) as second_parent_hash,
        candidates.mainline_number
    from intermediate.merged_change_requests as requests
    left join intermediate.merge_candidates as candidates
        on
            requests.tracker_source = candidates.tracker_source
            and requests.change_request_number = candidates.change_request_number
            and candidates.candidate_number = 1

),

own as (

    select
        landed.tracker_source,
        landed.change_request_number,
        count(*) as own_commit_count,
        bool_or(commits.commit_hash = landed.landed_hash) as is_own,
        bool_or(commits.commit_hash = landed.second_parent_hash)
            as is_second_parent_own,
        count(twins.commit_hash) as same_author_count
    from landed
    inner join facts.change_request_commits as commits
        on
            landed.tracker_source = commits.tracker_source
            and landed.change_request_number = commits.change_request_number
    left join facts.commits as twins
        on
            landed.source = twins.source
            and twins.mainline_number
            = landed.mainline_number - commits.own_commit_count + commits.commit_number
            and commits.author_name = twins.author_name
            and commits.authored_at = twins.authored_at
    group by landed.tracker_source, landed.change_request_number

),

landings as (

    select
        landed.source,
        landed.tracker_source,
        landed.change_request_number,
        landed.landed_hash,
        landed.merge_commit_evidence,
        landed.parent_count,
        landed.is_squash_like,
        landed.squash_commit_hash in (landed.landed_hash, landed.second_parent_hash)
            as is_squash_named,
        landed.second_parent_hash = landed.head_hash
        or own.is_second_parent_own as is_second_parent_head,
        own.is_own,
        own.own_commit_count,
        own.same_author_count
    from landed
    left join own
        on
            landed.tracker_source = own.tracker_source
            and landed.change_request_number = own.change_request_number

)

select * from landings
