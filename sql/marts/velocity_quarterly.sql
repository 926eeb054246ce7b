-- How much landed on the default branch of each repository in each quarter, and by how
-- many.
--
-- Commits are those that are no merge; merges are those on the first-parent chain, each
-- of which lands a change. The columns that begin with human exclude commits of bots and AI
-- agents. An author is new in the quarter of their first commit in the
-- repository.
--
-- grain: project, source, quarter
-- export: by quarter
with

paths as (

    select
        commits.source,
        commits.quarter,
        files.path,
        bool_or(commits.author_kind = 'person') as is_changed_by_human
    from facts.commits as commits
    inner join facts.commit_files as files
        on commits.source = files.source and commits.commit_hash = files.commit_hash
    where commits.is_on_default_branch and commits.quarter is not null
    group by commits.source, commits.quarter, files.path

),

-- How many paths the commits of each repository's default branch changed in each
-- quarter; a path counts once.
path_quarters as (

    select
        source,
        quarter,
        count(*) as changed_path_count,
        count(*) filter (where is_changed_by_human) as human_changed_path_count
    from paths
    group by source, quarter

),

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

-- What landed on each repository's default branch in each quarter with a commit, by
-- anybody and by people.
commit_quarters as (

    select
        source,
        quarter,

        count(*) filter (where is_work) as commit_count,
        count(*) filter (where is_landing) as merge_count,
        count(distinct author_person_id) filter (where is_work) as author_count,
        count(distinct author_person_id) filter (where is_work and is_by_new_author)
            as new_author_count,
        sum(lines_added)::bigint as lines_added,
        sum(lines_deleted)::bigint as lines_deleted,

        count(*) filter (where is_work and is_human) as human_commit_count,
        count(*) filter (where is_landing and is_human) as human_merge_count,
        count(distinct author_person_id) filter (where is_work and is_human)
            as human_author_count,
        count(distinct author_person_id)
        filter (where is_work and is_by_new_author and is_human)
            as human_new_author_count,
        sum(lines_added) filter (where is_human)::bigint as human_lines_added,
        sum(lines_deleted) filter (where is_human)::bigint as human_lines_deleted
    from commits
    group by source, quarter

)

select
    owned.project,
    quarters.source,
    quarters.quarter,
    quarters.quarter_starts_on,
    quarters.is_complete,

    coalesce(commits.commit_count, 0) as commit_count,
    coalesce(commits.merge_count, 0) as merge_count,
    coalesce(commits.author_count, 0) as author_count,
    coalesce(commits.new_author_count, 0) as new_author_count,
    coalesce(commits.lines_added, 0) as lines_added,
    coalesce(commits.lines_deleted, 0) as lines_deleted,

    coalesce(commits.human_commit_count, 0) as human_commit_count,
    coalesce(commits.human_merge_count, 0) as human_merge_count,
    coalesce(commits.human_author_count, 0) as human_author_count,
    coalesce(commits.human_new_author_count, 0) as human_new_author_count,
    coalesce(commits.human_lines_added, 0) as human_lines_added,
    coalesce(commits.human_lines_deleted, 0) as human_lines_deleted,

    coalesce(paths.changed_path_count, 0) as changed_path_count,
    coalesce(paths.human_changed_path_count, 0) as human_changed_path_count
from facts.repository_quarters as quarters
inner join facts.project_repositories as owned
    on quarters.source = owned.source and owned.is_whole
left join commit_quarters as commits
    on quarters.source = commits.source and quarters.quarter = commits.quarter
left join path_quarters as paths
    on quarters.source = paths.source and quarters.quarter = paths.quarter
