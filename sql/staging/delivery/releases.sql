-- Every release at its newest version, with its fate if it was deleted.
--
-- grain: tracker_source, release_id
select
    trackers.source,
    trackers.tracker_source,
    releases.release_id,
    releases.tag_name,
    releases.title,
    coalesce(renames.logins[releases.author_login], releases.author_login) as author_login,
    releases.is_draft,
    releases.is_prerelease,
    releases.commit_hash,
    releases.created_at,
    releases.released_at,
    releases.url,
    releases.fate,
    releases.gone_noticed_at
from raw.releases_current as releases
inner join staging.trackers as trackers on releases.source = trackers.tracker_source
left join staging.renames as renames on releases.source = renames.tracker_source
