-- The commits and merges of all quarters are those of the default branch that have no
-- reason to be excluded.
--
-- Merges off the first-parent chain, merges of git pull, imported history and commits
-- without a usable time are excluded.
with

commits as (

    select
        *,
        quarter is not null
        and not is_imported
        and (not is_merge or (mainline_number is not null and not is_pull_merge))
            as is_counted
    from facts.commits
    where is_on_default_branch

),

observed as (

    select
        source,
        count(*) filter (where is_counted) as observed_count,
        coalesce(sum(lines_added) filter (where is_counted), 0) as lines_added,
        coalesce(sum(lines_deleted) filter (where is_counted), 0) as lines_deleted
    from commits
    group by source

),

counted as (

    select
        project,
        source,
        sum(all_commit_count + merge_count) as counted_count,
        sum(all_lines_added) as counted_lines_added,
        sum(all_lines_deleted) as counted_lines_deleted
    from marts.velocity_quarterly
    group by project, source

),

compared as (

    select
        project_repositories.project,
        observed.source,
        observed.observed_count,
        coalesce(counted.counted_count, 0) as counted_count,
        observed.lines_added,
        coalesce(counted.counted_lines_added, 0) as counted_lines_added,
        observed.lines_deleted,
        coalesce(counted.counted_lines_deleted, 0) as counted_lines_deleted
    from facts.project_repositories as project_repositories
    inner join observed
        on project_repositories.source = observed.source and project_repositories.is_whole
    left join counted
        on
            project_repositories.project = counted.project
            and project_repositories.source = counted.source

)

select * from compared
where
    observed_count != counted_count
    or lines_added != counted_lines_added
    or lines_deleted != counted_lines_deleted
