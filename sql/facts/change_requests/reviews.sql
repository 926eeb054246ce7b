-- Every review of a change request that still exists, at its newest version.
--
-- A review counts if a person other than the author gave it, not a bot or AI agent, and
-- if it is not pending. A line comment that belongs to no review is a review of its
-- own.
--
-- grain: tracker_source, change_request_number, review_id
-- export: by quarter
with

reviews as (

    select
        reviews.source,
        reviews.tracker_source,
        reviews.change_request_number,
        reviews.review_id,

        reviews.reviewer_login,
        reviewers.account_kind as reviewer_account_kind,
        reviews.verdict,
        reviews.commit_hash,
        coalesce(
            reviews.verdict != 'pending'
            and reviews.reviewer_login != requests.author_login
            and reviewers.account_kind in ('person', 'ghost'),
            false
        ) as is_counted_review,

        reviews.submitted_at,
        quarters.quarter,
        quarters.starts_on as quarter_starts_on
    from staging.reviews_and_line_comments as reviews
    left join staging.change_requests as requests
        on
            reviews.tracker_source = requests.tracker_source
            and reviews.change_request_number = requests.change_request_number
    left join intermediate.account_kinds as reviewers
        on
            split_part(reviews.tracker_source, '/', 1) = reviewers.account_host
            and reviews.reviewer_login = reviewers.login
    left join staging.quarter_years as quarters
        on
            year(reviews.submitted_at) = quarters.in_year
            and reviews.submitted_at >= quarters.starts_at
            and reviews.submitted_at < quarters.ends_at

)

select * from reviews
