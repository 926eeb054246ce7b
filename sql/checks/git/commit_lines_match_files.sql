-- A commit's lines are the sum over its files. A merge has no files, so lines count
-- once.
with

files as (

    select
        source,
        commit_hash,
        count(*) as file_count,
        sum(lines_added) as lines_added,
        sum(lines_deleted) as lines_deleted
    from facts.commit_files
    group by source, commit_hash

)

select
    commits.source,
    commits.commit_hash,
    commits.file_count,
    commits.lines_added,
    commits.lines_deleted,
    files.file_count as counted_file_count,
    files.lines_added as counted_lines_added,
    files.lines_deleted as counted_lines_deleted
from facts.commits as commits
left join files
    on commits.source = files.source and commits.commit_hash = files.commit_hash
where
    case
        when commits.is_merge
            then files.source is not null or commits.lines_added is not null
        else
            commits.file_count is distinct from coalesce(files.file_count, 0)
            or commits.lines_added is distinct from coalesce(files.lines_added, 0)
            or commits.lines_deleted is distinct from coalesce(files.lines_deleted, 0)
    end
