-- Every comment that still exists, at its newest version.
--
-- grain: tracker_source, comment_kind, comment_id
select
    trackers.source,
    trackers.tracker_source,
    comments.comment_kind,
    comments.comment_id,
    comments.item_kind,
    comments.item_number,
    coalesce(
        renames.logins_by_id[comments.author_id],
        renames.logins[comments.author_login],
        comments.author_login
    ) as author_login,
    comments.created_at,
    comments.review_id
from raw.comments_current as comments
inner join staging.trackers as trackers on comments.source = trackers.tracker_source
left join staging.renames as renames on comments.source = renames.tracker_source
where not comments.is_deleted
