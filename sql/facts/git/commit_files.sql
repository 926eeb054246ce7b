-- Every file changed by every commit that is not a merge.
--
-- grain: source, commit_hash, file_number
-- export: by quarter
with

commits as (select * from facts.commits),

files as (select * from staging.commit_files),

commit_files as (

    select
        files.source,
        files.commit_hash,
        files.file_number,

        files.path,
        files.old_path,
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

)

select * from commit_files
