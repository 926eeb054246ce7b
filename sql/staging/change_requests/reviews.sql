-- Every review that still exists, at its newest version.
--
-- grain: tracker_source, change_request_number, review_id
select
    trackers.source,
    trackers.tracker_source,
    reviews.change_request_number,
    reviews.review_id,
    reviews.reviewer_login,
    reviews.reviewer_kind,
    reviews.verdict,
    reviews.submitted_at,
    reviews.commit_hash
from raw.reviews_current as reviews
inner join staging.trackers as trackers on reviews.source = trackers.tracker_source
where not reviews.is_deleted
