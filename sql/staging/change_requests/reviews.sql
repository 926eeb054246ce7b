-- Every review that still exists, at its newest version.
--
-- grain: tracker_source, change_request_number, review_id
select
    trackers.source,
    trackers.tracker_source,
    reviews.change_request_number,
    reviews.review_id,
    coalesce(
        renames.logins_by_id[reviews.reviewer_id],
        renames.logins[reviews.reviewer_login],
        reviews.reviewer_login
    ) as reviewer_login,
    reviews.verdict,
    reviews.submitted_at,
    reviews.commit_hash
from raw.reviews_current as reviews
inner join staging.trackers as trackers on reviews.source = trackers.tracker_source
left join staging.renames as renames on reviews.source = renames.tracker_source
where not reviews.is_deleted
