-- The commits that each change request has now, as its tracker lists them.
--
-- grain: tracker_source, change_request_number, commit_hash
-- export: whole
with

commits (source, tracker_source, change_request_number, commit_hash, commit_number) as (

    select
        source,
        tracker_source,
        change_request_number,
        commit_hash,
        row_number() over (
            partition by tracker_source, change_request_number
            order by position, commit_hash
        ),
        count(*) over (partition by tracker_source, change_request_number)
            as own_commit_count,
        author_name,
        author_email,
        authored_at,
        committed_at
    from staging.change_request_commits

)

select * from commits
