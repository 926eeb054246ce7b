-- The lines that each commit changed in the part of a repository that is the project's
-- (where it has paths, those of files in them), and the lines of them that count: those of
-- files that are neither generated nor vendored.
--
-- A commit that changed no file there has no row.
--
-- grain: project, source, commit_hash
with

owned as (select * from intermediate.project_parts),

all_lines as (

    select
        owned.project,
        sizes.source,
        sizes.commit_hash,
        sizes.lines_added,
        sizes.lines_deleted
    from staging.commit_sizes as sizes
    inner join owned on sizes.source = owned.source
    where not owned.has_paths

    union all

    select
        touched.project,
        files.source,
        files.commit_hash,
        coalesce(sum(files.lines_added), 0)::bigint as lines_added,
        coalesce(sum(files.lines_deleted), 0)::bigint as lines_deleted
    from facts.commit_files as files
    inner join intermediate.project_touched_files as touched
        on
            files.source = touched.source
            and files.commit_hash = touched.commit_hash
            and files.file_number = touched.file_number
    group by touched.project, files.source, files.commit_hash

),

generated as (

    select
        paths.project,
        files.source,
        files.commit_hash,
        coalesce(sum(files.lines_added), 0)::bigint as lines_added,
        coalesce(sum(files.lines_deleted), 0)::bigint as lines_deleted
    from facts.commit_files as files
    inner join intermediate.project_generated_paths as paths
        on files.source = paths.source and files.path = paths.path
    inner join owned on paths.project = owned.project and paths.source = owned.source
    left join intermediate.project_touched_files as touched
        on
            paths.project = touched.project
            and files.source = touched.source
            and files.commit_hash = touched.commit_hash
            and files.file_number = touched.file_number
    where not owned.has_paths or touched.project is not null
    group by paths.project, files.source, files.commit_hash

)

select
    all_lines.project,
    all_lines.source,
    all_lines.commit_hash,
    all_lines.lines_added - coalesce(generated.lines_added, 0) as counted_lines_added,
    all_lines.lines_deleted - coalesce(generated.lines_deleted, 0) as counted_lines_deleted,
    coalesce(generated.lines_added + generated.lines_deleted, 0) as generated_line_count
from all_lines
left join generated
    on
        all_lines.project = generated.project
        and all_lines.source = generated.source
        and all_lines.commit_hash = generated.commit_hash
