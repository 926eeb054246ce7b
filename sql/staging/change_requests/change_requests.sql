-- Every change request as it was last found, with its fate if it is there no more.
--
-- The newest version is the one that the tracker changed last, so that a stale answer
-- that arrives late does not win.
--
-- grain: tracker_source, change_request_number
with

newest as (

    select * from raw.change_requests
    where observed_at <= coalesce(getvariable('known_at'), 'infinity'::timestamptz)
    qualify
        row_number() over (
            partition by source, change_request_number
            order by (coalesce(updated_at, '-infinity'::timestamptz), batch) desc
        ) = 1

),

change_requests as (

    select
        trackers.source,
        trackers.tracker_source,
        newest.change_request_number,
        newest.item_id,
        newest.url,
        newest.title,
        newest.author_login,
        newest.author_kind,
        newest.assignees,
        newest.labels,
        newest.milestone_id,
        newest.milestone_title,
        newest.state,
        newest.is_locked,
        newest.comment_count,
        newest.is_draft,
        newest.base_ref,
        newest.head_ref,
        newest.head_hash,
        newest.head_repository,
        newest.merge_commit_hash,
        newest.squash_commit_hash,
        newest.merged_by_login,
        newest.created_at,
        newest.updated_at,
        newest.closed_at,
        newest.closed_by_login,
        newest.ready_at,
        newest.merged_at,
        newest.observed_at,
        coalesce(newest.updated_at, newest.observed_at) as said_at,
        gone.fate,
        gone.gone_noticed_at
    from newest
    inner join staging.trackers as trackers on newest.source = trackers.tracker_source
    left join staging.gone as gone
        on
            newest.source = gone.tracker_source
            and gone.record = 'change_requests'
            and gone.record_key = newest.change_request_number::varchar
            and newest.batch <= gone.batch

)

select * from change_requests
