-- Each tracker at its newest version; its source is the repository whose work it
-- tracks.
--
-- grain: tracker_source
with

trackers (source, tracker_source) as (

    select
        repository,
        source,
        split_part(source, '/', 1) as account_host,
        tracker_kind,
        path as tracker_path,
        url,
        default_branch,
        visibility,
        is_archived,
        has_issues,
        created_at,
        observed_at
    from raw.trackers_current

)

select * from trackers
