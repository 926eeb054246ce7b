-- When each change request was ready for review, reviewed and approved.
--
-- It was opened as a draft if the first that is heard of drafts is that it got ready.
-- Reviews are those of others who are no bots and no AI agents.
--
-- grain: tracker_source, change_request_number
with

drafts as (

    select
        tracker_source,
        item_number as change_request_number,
        arg_min(event_kind, (happened_at, length(event_id), event_id)) as first_kind,
        min(happened_at) filter (where event_kind = 'ready') as ready_at
    from facts.item_events
    where item_kind = 'change_request' and event_kind in ('ready', 'draft')
    group by tracker_source, item_number

),

seen as (

    select
        reviews.tracker_source,
        reviews.change_request_number,
        count(*) as review_count,
        min(reviews.submitted_at) as first_review_at,
        min(reviews.submitted_at) filter (where reviews.verdict = 'approved')
            as first_approval_at
    from facts.reviews as reviews
    where reviews.is_counted_review
    group by reviews.tracker_source, reviews.change_request_number

),

reviewed as (

    select
        requests.source,
        requests.tracker_source,
        requests.change_request_number,
        coalesce(drafts.first_kind = 'ready', false)
        or (drafts.first_kind is null and requests.is_draft) as is_opened_as_draft,
        case
            when drafts.first_kind = 'ready' then drafts.ready_at
            when drafts.first_kind = 'draft' then requests.created_at
            when not requests.is_draft
                then coalesce(requests.ready_at, requests.created_at)
        end as ready_at,
        coalesce(seen.review_count, 0) as review_count,
        seen.first_review_at,
        seen.first_approval_at
    from staging.change_requests as requests
    left join drafts
        on
            requests.tracker_source = drafts.tracker_source
            and requests.change_request_number = drafts.change_request_number
    left join seen
        on
            requests.tracker_source = seen.tracker_source
            and requests.change_request_number = seen.change_request_number

)

select * from reviewed
