-- Apache DevLake's phases of merged pull requests, over our change requests, in the
-- quarter of their merge.
--
-- Spans are minutes, rounded up; one that would be negative, or has no end, is as none.
-- The first comment is that of any other account, bots too.
--
-- grain: metric, project, source, change request
with

comments as (

    select
        tracker_source,
        item_number as change_request_number,
        author_login,
        created_at
    from staging.comments
    where item_kind = 'change_request'

    union all

    select
        tracker_source,
        change_request_number,
        reviewer_login as author_login,
        submitted_at as created_at
    from staging.reviews
    where verdict != 'pending'

),

answered as (

    select
        requests.project,
        requests.source,
        requests.tracker_source,
        requests.change_request_number,
        requests.merged_in,
        requests.first_authored_at,
        requests.opened_at,
        requests.merged_at,
        min(comments.created_at) as first_commented_at
    from figures.compared_change_requests as requests
    left join comments
        on
            requests.tracker_source = comments.tracker_source
            and requests.change_request_number = comments.change_request_number
            and requests.author_login != comments.author_login
    group by all

),

measured (metric, project, source, quarter, seconds) as (

    select
        unnest(['coding_time', 'pickup_time', 'review_time']),
        project,
        source,
        merged_in,
        unnest([
            date_sub('second', first_authored_at, opened_at),
            date_sub('second', opened_at, first_commented_at),
            date_sub('second', first_commented_at, merged_at)
        ])
    from answered

)

select
    metric,
    project,
    unnest([source, '*']) as source,
    quarter,
    (60 * greatest(0, ceil(seconds / 60)))::bigint as value
from measured
where quarter is not null
