-- Every release at its newest version, drafts included.
--
-- grain: tracker_source, release_id
-- export: by quarter
with

releases as (

    select
        releases.source,
        releases.tracker_source,
        releases.release_id,
        releases.url,
        releases.tag_name,
        releases.title,
        releases.author_login,
        releases.is_draft as is_unpublished,
        releases.is_prerelease,
        releases.commit_hash,
        releases.fate,
        releases.created_at,
        releases.released_at,
        releases.gone_noticed_at,
        quarters.quarter,
        quarters.starts_on as quarter_starts_on
    from staging.releases as releases
    left join staging.quarter_years as quarters
        on
            year(releases.released_at) = quarters.in_year
            and releases.released_at >= quarters.starts_at
            and releases.released_at < quarters.ends_at

)

select * from releases
