-- The commits and merges of all quarters, and those excluded for a reason, are all of
-- them.
--
-- Merges off the first-parent chain and commits without a usable time are excluded.
with

commits as (

    select
        *,
        quarter is not null as has_quarter
    from facts.commits

),

observed as (

    select
        source,
        count(*) as observed_count,
        count(*) filter (where not has_quarter) as without_time_count,
        count(*) filter (where has_quarter and is_merge and mainline_number is null)
            as inner_merge_count,
        coalesce(sum(lines_added) filter (where has_quarter), 0) as lines_added,
        coalesce(sum(lines_deleted) filter (where has_quarter), 0) as lines_deleted
    from commits
    where is_on_default_branch
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
        observed.without_time_count,
        observed.inner_merge_count,
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
    observed_count != without_time_count + inner_merge_count + counted_count
    or lines_added != counted_lines_added
    or lines_deleted != counted_lines_deleted
