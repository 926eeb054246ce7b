-- Every commit ever observed in a source: who, when, how much, and where it landed.
--
-- A commit counts in the quarter of its committer's time, if that is usable. A merge
-- has no files, so that lines count once. A squash-like commit replaces a change
-- request's branch, so that the history does not contain the start of the work. It is
-- written when it is committed: one with an author time of its own was rebased or picked,
-- and the head of a change request is its own commit. A commit
-- landed at the time of the commit on the first-parent chain that brought it, which may be
-- in a later quarter than its own.
-- A commit of the default branch is imported if it does not descend from that branch's first
-- commit: its history came in from elsewhere, by a merge.
--
-- grain: source, commit_hash
-- export: by quarter
with

heads as (

    select distinct
        source,
        head_hash
    from staging.change_request_heads

)

select
    commits.source,
    commits.commit_hash,
    commits.tree_hash,
    commits.parent_hashes,
    commits.parent_count,
    commits.parent_count > 1 as is_merge,
    commits.parent_count = 0 as is_root,
    commits.subject,
    commits.is_signed,
    commits.anomalies,

    commits.author_name,
    commits.author_email,
    authors.person_id as author_person_id,
    people.person_kind as author_kind,
    commits.committer_name,
    commits.committer_email,
    committers.person_id as committer_person_id,

    mainline.mainline_number,
    mainline.landed_by_hash,
    commits.parent_count = 1
    and mainline.mainline_number is not null
    and coalesce(commits.authored_at = commits.committed_at, false)
    and heads.head_hash is null
    and regexp_matches(
        commits.subject,
        if(coalesce(signs.is_issue_after_hash, false), '\(![0-9]+\)$', '\([#!][0-9]+\)$')
    ) as is_squash_like,
    coalesce(observed_merges.is_pull, false) as is_pull_merge,
    coalesce(mainline.is_imported, false) as is_imported,
    coalesce(reachability.is_on_default_branch, false) as is_on_default_branch,
    reachability.on_default_branch_since_at,
    reachability.left_default_branch_at,
    coalesce(reachability.is_reachable, false) as is_reachable,
    reachability.unreachable_since_at,

    case when not is_merge then coalesce(sizes.file_count, 0) end as file_count,
    case when not is_merge then coalesce(sizes.lines_added, 0) end as lines_added,
    case when not is_merge then coalesce(sizes.lines_deleted, 0) end
        as lines_deleted,

    commits.authored_at,
    commits.author_offset_minutes,
    commits.committed_at,
    commits.committer_offset_minutes,
    landings.counted_at as landed_at,
    commits.first_observed_at,
    commits.time_reason,
    quarters.quarter,
    quarters.starts_on as quarter_starts_on
from staging.commits as commits
left join facts.identities as authors
    on
        commits.source = authors.source
        and commits.author_name = authors.identity_name
        and commits.author_email = authors.identity_email
left join intermediate.person_kinds as people on authors.person_id = people.person_id
left join facts.identities as committers
    on
        commits.source = committers.source
        and commits.committer_name = committers.identity_name
        and commits.committer_email = committers.identity_email
left join graph.mainline as mainline
    on
        commits.source = mainline.source
        and commits.commit_hash = mainline.commit_hash
left join staging.commits as landings
    on
        mainline.source = landings.source
        and mainline.landed_by_hash = landings.commit_hash
left join graph."merges" as observed_merges
    on
        commits.source = observed_merges.source
        and commits.commit_hash = observed_merges.merge_hash
left join staging.reachability as reachability
    on
        commits.source = reachability.source
        and commits.commit_hash = reachability.commit_hash
left join intermediate.request_signs as signs on commits.source = signs.source
left join heads
    on commits.source = heads.source and commits.commit_hash = heads.head_hash
left join staging.commit_sizes as sizes
    on commits.source = sizes.source and commits.commit_hash = sizes.commit_hash
left join staging.quarter_years as quarters
    on
        year(commits.counted_at) = quarters.in_year
        and commits.counted_at >= quarters.starts_at
        and commits.counted_at < quarters.ends_at
