-- Every review that is still there, as it was last found.
--
-- grain: tracker_source, change_request_number, review_id
with

newest as (

    select * from raw.reviews
    where observed_at <= coalesce(getvariable('known_at'), 'infinity'::timestamptz)
    qualify
        row_number() over (
            partition by source, change_request_number, review_id
            order by batch desc
        ) = 1

),

reviews as (

    select
        trackers.source,
        trackers.tracker_source,
        newest.change_request_number,
        newest.review_id,
        newest.reviewer_login,
        newest.reviewer_kind,
        newest.verdict,
        newest.submitted_at,
        newest.commit_hash
    from newest
    inner join staging.trackers as trackers on newest.source = trackers.tracker_source
    anti join staging.gone as gone
        on
            newest.source = gone.tracker_source
            and gone.record = 'reviews'
            and gone.record_key
            = concat_ws('/', newest.change_request_number, newest.review_id)
            and newest.batch <= gone.batch

)

select * from reviews
