-- How much landed on the default branch of each repository in each quarter, and by how
-- many.
--
-- Commits, authors and lines are those that count in the KPIs commits, active_contributors
-- and lines_changed, by the rules of the project; the columns that begin with all include
-- those of excluded authors, such as bots, and of generated and vendored files. Commits
-- are in the quarter of the committer's time; landed_commit_count has them in the quarter
-- in which they landed. Merges are those on the first-parent chain, each of which lands a
-- change, whoever did it; those of git pull land none. Imported history is excluded. An
-- author is new in the quarter of their first commit in the repository.
--
-- grain: project, source, quarter
-- export: by quarter
select
    owned.project,
    quarters.source,
    quarters.quarter,
    quarters.quarter_starts_on,
    quarters.is_complete,

    coalesce(volumes.commit_count, 0) as commit_count,
    coalesce(landings.landed_commit_count, 0) as landed_commit_count,
    coalesce(volumes.merge_count, 0) as merge_count,
    coalesce(volumes.author_count, 0) as author_count,
    coalesce(volumes.new_author_count, 0) as new_author_count,
    coalesce(volumes.lines_added, 0) as lines_added,
    coalesce(volumes.lines_deleted, 0) as lines_deleted,
    coalesce(paths.changed_path_count, 0) as changed_path_count,

    coalesce(volumes.all_commit_count, 0) as all_commit_count,
    coalesce(volumes.all_author_count, 0) as all_author_count,
    coalesce(volumes.all_new_author_count, 0) as all_new_author_count,
    coalesce(volumes.all_lines_added, 0) as all_lines_added,
    coalesce(volumes.all_lines_deleted, 0) as all_lines_deleted,
    coalesce(paths.all_changed_path_count, 0) as all_changed_path_count
from facts.repository_quarters as quarters
inner join facts.project_repositories as owned
    on quarters.source = owned.source and owned.is_whole
left join intermediate.velocity_volumes as volumes
    on
        owned.project = volumes.project
        and quarters.source = volumes.source
        and quarters.quarter = volumes.quarter
left join intermediate.velocity_landings as landings
    on
        owned.project = landings.project
        and quarters.source = landings.source
        and quarters.quarter = landings.quarter
left join intermediate.velocity_paths as paths
    on
        owned.project = paths.project
        and quarters.source = paths.source
        and quarters.quarter = paths.quarter
