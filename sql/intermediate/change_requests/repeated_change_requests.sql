-- The merged change requests that brought nothing of their own: all their commits had been
-- merged before by other change requests into another branch, as in a release request.
--
-- Their commits are those that the tracker lists, or else those that their merge brought to
-- the default branch. Merges among them bring nothing either. What was merged into the
-- branch of an open request counts with that one.
--
-- grain: tracker_source, change_request_number
with

merged as (

    select
        merged.source,
        merged.tracker_source,
        merged.change_request_number,
        merged.merged_at,
        landings.merge_commit_hash,
        [
            merged.event_commit_hash, merged.merge_commit_hash, merged.squash_commit_hash,
            merged.head_hash
        ] as named_commits,
        requests.base_ref,
        stacked.tracker_source is not null as is_stacked
    from intermediate.merged_change_requests as merged
    inner join staging.change_requests as requests
        on
            merged.tracker_source = requests.tracker_source
            and merged.change_request_number = requests.change_request_number
    left join intermediate.stacked_change_requests as stacked
        on
            merged.tracker_source = stacked.tracker_source
            and merged.change_request_number = stacked.change_request_number
    left join intermediate.change_request_merges as landings
        on
            merged.tracker_source = landings.tracker_source
            and merged.change_request_number = landings.change_request_number

),

own as (

    select
        merged.*,
        listed.commit_hash
    from merged
    inner join facts.change_request_commits as listed
        on
            merged.tracker_source = listed.tracker_source
            and merged.change_request_number = listed.change_request_number

    union all

    select
        merged.*,
        brought.commit_hash
    from merged
    inner join facts.commits as brought
        on
            merged.source = brought.source
            and merged.merge_commit_hash = brought.landed_by_hash
            and brought.mainline_number is null
    anti join facts.change_request_commits as listed
        on
            merged.tracker_source = listed.tracker_source
            and merged.change_request_number = listed.change_request_number

),

-- What each brought: its commits, and what they became when it was merged.
deliveries as (

    select
        tracker_source,
        change_request_number,
        base_ref,
        merged_at,
        commit_hash
    from own
    where not is_stacked

    union

    select
        tracker_source,
        change_request_number,
        base_ref,
        merged_at,
        unnest(named_commits) as commit_hash
    from merged
    where not is_stacked

)

select
    own.tracker_source,
    own.change_request_number
from own
left join deliveries as earlier
    on
        own.tracker_source = earlier.tracker_source
        and own.commit_hash = earlier.commit_hash
        and own.change_request_number != earlier.change_request_number
        and own.merged_at > earlier.merged_at
        and own.base_ref != earlier.base_ref
left join facts.commits as commits
    on own.source = commits.source and own.commit_hash = commits.commit_hash
group by own.tracker_source, own.change_request_number
having
    bool_and(earlier.commit_hash is not null or coalesce(commits.is_merge, false))
    and bool_or(earlier.commit_hash is not null)
