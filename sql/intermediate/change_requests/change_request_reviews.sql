-- When each change request was ready for review, reviewed and approved.
--
-- One that went back to draft is ready with the last event before its first review that
-- says so, or before its merge if nobody reviewed it. Time as a draft is no waiting.
--
-- It was opened as a draft if the first that is heard of drafts is that it got ready.
-- Reviews are those of others who are no bots and no AI agents.
--
-- grain: tracker_source, change_request_number
with

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

drafts as (

    select
        events.tracker_source,
        events.item_number as change_request_number,
        arg_min(
            events.event_kind,
            (events.happened_at, length(events.event_id), events.event_id)
        ) as first_kind,
        min(events.happened_at) filter (where events.event_kind = 'ready')
            as first_ready_at,
        max(events.happened_at) filter (
            where
            events.event_kind = 'ready'
            and events.happened_at
            <= coalesce(seen.first_review_at, merged.merged_at, events.happened_at)
        ) as last_ready_at
    from facts.item_events as events
    left join seen
        on
            events.tracker_source = seen.tracker_source
            and events.item_number = seen.change_request_number
    left join intermediate.merged_change_requests as merged
        on
            events.tracker_source = merged.tracker_source
            and events.item_number = merged.change_request_number
    where
        events.item_kind = 'change_request' and events.event_kind in ('ready', 'draft')
    group by events.tracker_source, events.item_number

),

reviewed as (

    select
        requests.source,
        requests.tracker_source,
        requests.change_request_number,
        coalesce(drafts.first_kind = 'ready', false)
        or (drafts.first_kind is null and requests.is_draft) as is_opened_as_draft,
        case
            when drafts.first_kind = 'ready'
                then coalesce(drafts.last_ready_at, drafts.first_ready_at)
            when drafts.first_kind = 'draft'
                then coalesce(drafts.last_ready_at, requests.created_at)
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
