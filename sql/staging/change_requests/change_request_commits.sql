-- The commits that each change request has still, as its tracker lists them.
--
-- grain: tracker_source, change_request_number, commit_hash
with

newest as (

    select * from raw.change_request_commits
    where observed_at <= coalesce(getvariable('known_at'), 'infinity'::timestamptz)
    qualify
        row_number() over (
            partition by source, change_request_number, commit_hash
            order by batch desc
        ) = 1

),

change_request_commits as (

    select
        trackers.source,
        trackers.tracker_source,
        newest.change_request_number,
        newest.commit_hash,
        newest.position,
        newest.author_name,
        newest.author_email,
        newest.authored_at,
        newest.committed_at
    from newest
    inner join staging.trackers as trackers on newest.source = trackers.tracker_source
    anti join staging.gone as gone
        on
            newest.source = gone.tracker_source
            and gone.record = 'change_request_commits'
            and gone.record_key
            = concat_ws('/', newest.change_request_number, newest.commit_hash)
            and newest.batch <= gone.batch

)

select * from change_request_commits
