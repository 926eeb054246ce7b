-- The lines that each commit changed in the part of a repository that is the project's:
-- where it has paths, those of files in them.
--
-- A commit that changed no file there has no row.
--
-- grain: project, source, commit_hash
-- made: as a view
select
    owned.project,
    sizes.source,
    sizes.commit_hash,
    sizes.lines_added + sizes.lines_deleted as line_count
from staging.commit_sizes as sizes
inner join intermediate.project_parts as owned on sizes.source = owned.source
where not owned.has_paths

union all

select
    touched.project,
    files.source,
    files.commit_hash,
    sum(coalesce(files.lines_added, 0) + coalesce(files.lines_deleted, 0))::bigint as line_count
from facts.commit_files as files
inner join intermediate.project_touched_files as touched
    on
        files.source = touched.source
        and files.commit_hash = touched.commit_hash
        and files.file_number = touched.file_number
group by touched.project, files.source, files.commit_hash
