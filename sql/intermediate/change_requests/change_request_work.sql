-- Since when there was work on each change request, and what that is known from.
--
-- It began with the first commit. Where the change request was force-pushed after it
-- was opened, or no commit is older than its opening, commits were rewritten: the work
-- began between the earliest trace of any commit that it is known to have had and its
-- opening. Without a trace that is older than the opening, nobody knows since when. A head
-- of which nothing is left to the default branch does not state how many commits it had.
--
-- grain: tracker_source, change_request_number
with

-- How often each change request was force-pushed until it was merged.
change_request_pushes as (

    select
        events.source,
        events.tracker_source,
        events.item_number as change_request_number,
        count(*) as force_push_count
    from facts.item_events as events
    left join intermediate.merged_change_requests as merged
        on
            events.tracker_source = merged.tracker_source
            and events.item_number = merged.change_request_number
    where
        events.item_kind = 'change_request'
        and events.event_kind = 'force_pushed'
        and events.happened_at <= coalesce(merged.merged_at, 'infinity'::timestamptz)
    group by events.source, events.tracker_source, events.item_number

),

-- The first commit of each change request, and how many it has.
change_request_first_commits as (

    select
        requests.source,
        requests.tracker_source,
        requests.change_request_number,
        coalesce(own.own_commit_count, nullif(heads.commit_count, 0))
            as own_commit_count,
        coalesce(
            own.first_authored_at,
            heads.first_authored_at,
            case when landings.merge_method = 'merge' then brought.first_authored_at end
        ) as first_commit_at
    from staging.change_requests as requests
    left join intermediate.change_request_own_commits as own
        on
            requests.tracker_source = own.tracker_source
            and requests.change_request_number = own.change_request_number
    left join graph.change_request_heads as heads
        on
            requests.source = heads.source
            and requests.change_request_number = heads.change_request_number
    left join intermediate.change_request_merges as landings
        on
            requests.tracker_source = landings.tracker_source
            and requests.change_request_number = landings.change_request_number
    left join facts."merges" as brought
        on
            landings.source = brought.source
            and landings.merge_commit_hash = brought.merge_hash

),

joined as (

    select
        requests.source,
        requests.tracker_source,
        requests.change_request_number,
        commits.own_commit_count,
        coalesce(pushes.force_push_count, 0) as force_push_count,
        requests.created_at as opened_at,
        commits.first_commit_at,
        traces.first_trace_at
    from staging.change_requests as requests
    inner join change_request_first_commits as commits
        on
            requests.tracker_source = commits.tracker_source
            and requests.change_request_number = commits.change_request_number
    left join intermediate.change_request_traces as traces
        on
            requests.tracker_source = traces.tracker_source
            and requests.change_request_number = traces.change_request_number
    left join change_request_pushes as pushes
        on
            requests.tracker_source = pushes.tracker_source
            and requests.change_request_number = pushes.change_request_number

),

efforts as (

    select
        *,
        case
            when first_commit_at <= opened_at and force_push_count = 0
                then 'head_commits'
            when least(first_commit_at, first_trace_at) <= opened_at
                then 'rewritten_after_open'
            else 'unknown'
        end as lead_time_evidence,
        case lead_time_evidence
            when 'head_commits' then first_commit_at
            when 'rewritten_after_open' then least(first_commit_at, first_trace_at)
        end as work_started_at_earliest,
        if(lead_time_evidence = 'head_commits', first_commit_at, opened_at)
            as work_started_at_latest
    from joined

)

select * from efforts
