-- Every file changed by every commit that is not a merge.
--
-- grain: source, commit_hash, file_number
-- export: by quarter
with

commits as (select * from facts.commits),

-- A name that begins with its only dot has no extension.
files as (

    select
        *,
        nullif(lower(regexp_extract(path, '[^/]\.([^./]+)$', 1)), '') as extension
    from staging.commit_files

),

commit_files as (

    select
        files.source,
        files.commit_hash,
        files.file_number,

        files.path,
        files.old_path,
        files.extension,
        languages.language,
        files.file_change,
        files.file_kind,
        files.is_binary,
        files.lines_added,
        files.lines_deleted,

        commits.quarter,
        commits.quarter_starts_on
    from files
    inner join commits
        on files.source = commits.source and files.commit_hash = commits.commit_hash
    left join staging.languages as languages
        on
            coalesce(files.extension, lower(split_part(files.path, '/', -1)))
            = languages.extension

)

select * from commit_files
