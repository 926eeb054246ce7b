-- Each repository at its newest version, with counts of its commits, branches and tags.
--
-- grain: source
-- export: whole
with

changes as (

    select
        source,
        max(observed_at) as last_ref_change_at
    from staging.ref_versions
    group by source

),

commits as (

    select
        source,
        count(*) as observed_commit_count,
        count(*) filter (where is_on_default_branch) as default_branch_commit_count,
        count(*) filter (where not is_reachable) as unreachable_commit_count
    from facts.commits
    group by source

),

refs as (

    select
        source,
        count(*) filter (where ref_kind = 'branch') as branch_count,
        count(*) filter (where ref_kind = 'tag') as tag_count
    from facts.refs
    where is_current
    group by source

),

joined as (

    select
        repositories.source,
        repositories.repository_name,
        repositories.location,
        repositories.object_format,
        repositories.default_branch,
        repositories.default_branch_evidence,
        repositories.default_branch_hash,
        repositories.is_empty,

        coalesce(commits.observed_commit_count, 0) as observed_commit_count,
        coalesce(commits.default_branch_commit_count, 0) as default_branch_commit_count,
        coalesce(commits.unreachable_commit_count, 0) as unreachable_commit_count,
        coalesce(refs.branch_count, 0) as branch_count,
        coalesce(refs.tag_count, 0) as tag_count,

        batches.first_observed_at,
        greatest(repositories.observed_at, changes.last_ref_change_at)
            as last_changed_at
    from staging.repositories as repositories
    inner join staging.batches as batches on repositories.source = batches.source
    left join changes on repositories.source = changes.source
    left join commits on repositories.source = commits.source
    left join refs on repositories.source = refs.source

)

select * from joined
