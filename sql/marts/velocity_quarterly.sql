-- How much landed on the default branch of each repository in each quarter, and by how
-- many.
--
-- Commits are those that are no merge; merges are those on the first-parent chain, each
-- of which lands a change. The columns that begin with human leave out what bots and AI
-- agents wrote. An author is new in the quarter of their first commit in the
-- repository.
--
-- grain: project, source, quarter
-- export: by quarter
with

commits as (

    select
        *,
        author_kind = 'person' as is_human,
        not is_merge as is_work,
        is_merge and mainline_number is not null as is_landing,
        quarter_starts_on = min(quarter_starts_on) filter (where not is_merge) over (
            partition by source, author_person_id
        ) as is_by_new_author
    from facts.commits
    where is_on_default_branch and quarter is not null

),

paths as (

    select
        commits.source,
        commits.quarter,
        files.path,
        bool_or(commits.is_human) as is_changed_by_human
    from commits
    inner join facts.commit_files as files
        on commits.source = files.source and commits.commit_hash = files.commit_hash
    group by commits.source, commits.quarter, files.path

),

changed_paths as (

    select
        source,
        quarter,
        count(*) as changed_path_count,
        count(*) filter (where is_changed_by_human) as human_changed_path_count
    from paths
    group by source, quarter

),

commits_of_quarters as (

    select
        quarters.*,
        commits.author_person_id,
        commits.is_human,
        commits.is_work,
        commits.is_landing,
        commits.is_by_new_author,
        commits.lines_added,
        commits.lines_deleted
    from facts.repository_quarters as quarters
    left join commits
        on quarters.source = commits.source and quarters.quarter = commits.quarter

),

counted as (

    select
        source,
        quarter,
        quarter_starts_on,
        is_complete,

        count(*) filter (where is_work) as commit_count,
        count(*) filter (where is_landing) as merge_count,
        count(distinct author_person_id) filter (where is_work) as author_count,
        count(distinct author_person_id) filter (where is_work and is_by_new_author)
            as new_author_count,
        coalesce(sum(lines_added), 0)::bigint as lines_added,
        coalesce(sum(lines_deleted), 0)::bigint as lines_deleted,

        count(*) filter (where is_work and is_human) as human_commit_count,
        count(*) filter (where is_landing and is_human) as human_merge_count,
        count(distinct author_person_id) filter (where is_work and is_human)
            as human_author_count,
        count(distinct author_person_id)
        filter (where is_work and is_by_new_author and is_human)
            as human_new_author_count,
        coalesce(sum(lines_added) filter (where is_human), 0)::bigint
            as human_lines_added,
        coalesce(sum(lines_deleted) filter (where is_human), 0)::bigint
            as human_lines_deleted
    from commits_of_quarters
    group by source, quarter, quarter_starts_on, is_complete

),

velocity as (

    select
        project_repositories.project,
        counted.*,
        coalesce(changed_paths.changed_path_count, 0) as changed_path_count,
        coalesce(changed_paths.human_changed_path_count, 0) as human_changed_path_count
    from counted
    inner join facts.project_repositories as project_repositories
        on
            counted.source = project_repositories.source
            and project_repositories.is_whole
    left join changed_paths
        on
            counted.source = changed_paths.source
            and counted.quarter = changed_paths.quarter

)

select * from velocity
