-- The reviews, and the line comments that belong to no review, each as a review.
--
-- grain: tracker_source, change_request_number, review_id
select
    source,
    tracker_source,
    change_request_number,
    review_id,
    reviewer_login,
    verdict,
    commit_hash,
    submitted_at
from staging.reviews

union all

select
    source,
    tracker_source,
    item_number as change_request_number,
    'comment/' || comment_id as review_id,
    author_login as reviewer_login,
    'commented' as verdict,
    null as commit_hash,
    created_at as submitted_at
from staging.comments
where
    item_kind = 'change_request'
    and comment_kind = 'review_comment'
    and review_id is null
