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
left join intermediate.commit_quarters as commits
    on quarters.source = commits.source and quarters.quarter = commits.quarter
left join intermediate.path_quarters as paths
    on quarters.source = paths.source and quarters.quarter = paths.quarter
