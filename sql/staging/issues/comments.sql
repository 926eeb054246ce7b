-- Every comment that is still there, as it was last found.
--
-- The newest version is the one that the tracker changed last, so that a stale answer
-- that arrives late does not win.
--
-- grain: tracker_source, comment_kind, comment_id
with

newest as (

    select * from raw.comments
    where observed_at <= coalesce(getvariable('known_at'), 'infinity'::timestamptz)
    qualify
        row_number() over (
            partition by source, comment_kind, comment_id
            order by (coalesce(updated_at, '-infinity'::timestamptz), batch) desc
        ) = 1

),

comments as (

    select
        trackers.source,
        trackers.tracker_source,
        newest.comment_kind,
        newest.comment_id,
        newest.item_kind,
        newest.item_number,
        newest.author_login,
        newest.author_kind,
        newest.created_at,
        newest.review_id
    from newest
    inner join staging.trackers as trackers on newest.source = trackers.tracker_source
    anti join staging.gone as gone
        on
            newest.source = gone.tracker_source
            and gone.record = 'comments'
            and gone.record_key = concat_ws('/', newest.comment_kind, newest.comment_id)
            and newest.batch <= gone.batch

)

select * from comments
