-- The earliest author time among the commits that each change request is known to have
-- had at any time, as far as Git has them.
--
-- Its head then and now, what was reviewed of it, what a force push left behind, and
-- commits that its tracker lists no more.
--
-- grain: tracker_source, change_request_number
with

traces as (

    select
        source,
        tracker_source,
        change_request_number,
        head_hash as commit_hash
    from staging.change_requests

    union

    select
        source,
        tracker_source,
        change_request_number,
        commit_hash
    from facts.reviews

    union

    select
        source,
        tracker_source,
        item_number as change_request_number,
        unnest([commit_hash, old_value, new_value]) as commit_hash
    from facts.item_events
    where item_kind = 'change_request' and event_kind = 'force_pushed'

    union

    select
        trackers.source,
        listed.tracker_source,
        listed.change_request_number,
        listed.commit_hash
    from staging.listed_commits as listed
    inner join staging.trackers as trackers
        on listed.tracker_source = trackers.tracker_source

),

first_traces as (

    select
        traces.source,
        traces.tracker_source,
        traces.change_request_number,
        min(commits.authored_at) as first_trace_at
    from traces
    inner join facts.commits as commits
        on traces.source = commits.source and traces.commit_hash = commits.commit_hash
    where epoch_us(commits.authored_at) > 0 and not commits.is_imported
    group by traces.source, traces.tracker_source, traces.change_request_number

)

select * from first_traces
