-- The commits of the default branches that may have merged a change request, the best
-- first.
--
-- Of what the tracker calls closed, Git names it. Else the tracker's merged event names the
-- best one, then its fields, which are often stale, then the subject of a commit that names
-- the change request; of several such the nearest in time is the better one. Last is its own
-- head, where a fast-forward made it part of the branch.
--
-- grain: tracker_source, change_request_number, candidate_number
with

claims as (

    select
        source,
        tracker_source,
        change_request_number,
        unnest([0, 1, 2, 3]) as claim_rank,
        unnest([merged_evidence, 'merged_event', 'merge_field', 'squash_field'])
            as evidence,
        unnest([
            landed_commit_hash, event_commit_hash, merge_commit_hash, squash_commit_hash
        ]) as commit_hash,
        0 as distance_seconds
    from intermediate.merged_change_requests

    union all

    select
        requests.source,
        requests.tracker_source,
        requests.change_request_number,
        4 as claim_rank,
        'subject' as evidence,
        subjects.commit_hash,
        abs(date_sub('second', subjects.committed_at, requests.merged_at))
            as distance_seconds
    from intermediate.merged_change_requests as requests
    inner join staging.trackers as trackers
        on requests.tracker_source = trackers.tracker_source
    inner join settings.tracker_kinds as kinds on trackers.tracker_kind = kinds.tracker_kind
    inner join intermediate.merge_subjects as subjects
        on
            requests.source = subjects.source
            and not (subjects.is_hash_sign and kinds.has_request_sign)
            and requests.change_request_number = subjects.change_request_number
            and lower(coalesce(subjects.named_path, trackers.tracker_path))
            = lower(trackers.tracker_path)

    union all

    select
        source,
        tracker_source,
        change_request_number,
        5 as claim_rank,
        'head' as evidence,
        head_hash as commit_hash,
        0 as distance_seconds
    from intermediate.merged_change_requests

),

candidates as (

    select
        claims.source,
        claims.tracker_source,
        claims.change_request_number,
        row_number() over (
            partition by claims.tracker_source, claims.change_request_number
            order by claims.claim_rank, claims.distance_seconds, claims.commit_hash
        ) as candidate_number,
        claims.evidence as merge_commit_evidence,
        claims.commit_hash,
        commits.parent_count,
        commits.parent_hashes,
        commits.is_squash_like,
        commits.mainline_number
    from claims
    inner join facts.commits as commits
        on
            claims.source = commits.source
            and claims.commit_hash = commits.commit_hash
            and commits.is_on_default_branch
            and (claims.evidence != 'head' or commits.mainline_number is not null)

)

select * from candidates
