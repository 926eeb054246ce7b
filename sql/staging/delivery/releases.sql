-- Every release as it was last found, with its fate if it is there no more.
--
-- grain: tracker_source, release_id
with

newest as (

    select * from raw.releases
    where observed_at <= coalesce(getvariable('known_at'), 'infinity'::timestamptz)
    qualify
        row_number() over (
            partition by source, release_id
            order by batch desc
        ) = 1

),

releases as (

    select
        trackers.source,
        trackers.tracker_source,
        newest.release_id,
        newest.tag_name,
        newest.title,
        newest.author_login,
        newest.is_draft,
        newest.is_prerelease,
        newest.commit_hash,
        newest.created_at,
        newest.released_at,
        newest.url,
        gone.fate,
        gone.gone_noticed_at
    from newest
    inner join staging.trackers as trackers on newest.source = trackers.tracker_source
    left join staging.gone as gone
        on
            newest.source = gone.tracker_source
            and gone.record = 'releases'
            and newest.release_id = gone.record_key
            and newest.batch <= gone.batch

)

select * from releases
