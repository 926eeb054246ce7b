-- When each change request was first ready for review, and the first response to it: a
-- review or a comment by another person, who is no bot and no AI agent, while it was not
-- merged.
--
-- The wait begins the last time before the response at which it got ready. What was said
-- before it was ever ready is no response: nobody had been asked.
--
-- grain: tracker_source, change_request_number
with

readies as (

    select
        requests.tracker_source,
        requests.change_request_number,
        coalesce(requests.ready_at, requests.created_at) as ready_at
    from staging.change_requests as requests
    inner join intermediate.change_request_reviews as reviews
        on
            requests.tracker_source = reviews.tracker_source
            and requests.change_request_number = reviews.change_request_number
    where not reviews.is_opened_as_draft

    union all

    select
        tracker_source,
        item_number as change_request_number,
        happened_at as ready_at
    from facts.item_events
    where item_kind = 'change_request' and event_kind = 'ready'

),

responses as (

    select
        tracker_source,
        change_request_number,
        reviewer_login as response_login,
        submitted_at as responded_at,
        'review/' || review_id as response_id
    from facts.reviews
    where is_counted_review

    union all

    select
        comments.tracker_source,
        comments.item_number as change_request_number,
        comments.author_login as response_login,
        comments.created_at as responded_at,
        'comment/' || comments.comment_id as response_id
    from staging.comments as comments
    inner join staging.change_requests as requests
        on
            comments.tracker_source = requests.tracker_source
            and comments.item_number = requests.change_request_number
            and comments.author_login != requests.author_login
    inner join intermediate.account_kinds as authors
        on
            split_part(comments.tracker_source, '/', 1) = authors.account_host
            and comments.author_login = authors.login
    where
        comments.item_kind = 'change_request'
        -- Line comments are reviews, or parts of one.
        and comments.comment_kind != 'review_comment'
        and authors.account_kind in ('person', 'ghost')

),

first_responses as (

    select
        responses.*,
        readies.ready_at
    from responses
    asof inner join readies
        on
            responses.tracker_source = readies.tracker_source
            and responses.change_request_number = readies.change_request_number
            and responses.responded_at >= readies.ready_at
    left join intermediate.merged_change_requests as merged
        on
            responses.tracker_source = merged.tracker_source
            and responses.change_request_number = merged.change_request_number
    where responses.responded_at <= coalesce(merged.merged_at, 'infinity'::timestamptz)
    qualify
        row_number() over (
            partition by responses.tracker_source, responses.change_request_number
            order by responses.responded_at, responses.response_id
        ) = 1

),

first_readies as (

    select
        tracker_source,
        change_request_number,
        min(ready_at) as first_ready_at
    from readies
    group by tracker_source, change_request_number

)

select
    first_readies.tracker_source,
    first_readies.change_request_number,
    first_responses.response_login,
    date_sub('second', first_responses.ready_at, first_responses.responded_at)
        as response_seconds,
    first_readies.first_ready_at,
    first_responses.responded_at
from first_readies
left join first_responses
    on
        first_readies.tracker_source = first_responses.tracker_source
        and first_readies.change_request_number = first_responses.change_request_number
