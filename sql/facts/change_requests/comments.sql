-- Every comment on an issue or a change request, or on a line of its change, that still
-- exists: who wrote it, and when.
--
-- grain: tracker_source, comment_kind, comment_id
-- export: by quarter
with

comments as (

    select
        comments.source,
        comments.tracker_source,
        comments.comment_kind,
        comments.comment_id,
        comments.item_kind,
        comments.item_number,
        comments.review_id as comment_review_id,

        comments.author_login,
        authors.account_kind as author_account_kind,

        comments.created_at as commented_at,
        quarters.quarter,
        quarters.starts_on as quarter_starts_on
    from staging.comments as comments
    left join intermediate.account_kinds as authors
        on
            split_part(comments.tracker_source, '/', 1) = authors.account_host
            and comments.author_login = authors.login
    left join staging.quarter_years as quarters
        on
            year(comments.created_at) = quarters.in_year
            and comments.created_at >= quarters.starts_at
            and comments.created_at < quarters.ends_at

)

select * from comments
