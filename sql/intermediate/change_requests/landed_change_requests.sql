-- The change requests that their tracker calls closed, and that Git says landed: by which
-- commit, since when, and what says so.
--
-- They are merged as soon as both they are closed and the commit exists. What another
-- change request brought, by its merge commit or, if it was there at the closing, by one
-- of its own commits, is that one's: it replaced the closed one. Commits without changed
-- files landed nothing.
--
-- grain: tracker_source, change_request_number
with

merged as (

    select
        requests.*,
        events.commit_hash as event_commit_hash
    from staging.change_requests as requests
    left join facts.item_events as events
        on
            requests.tracker_source = events.tracker_source
            and requests.change_request_number = events.item_number
            and events.item_kind = 'change_request'
            and events.event_kind = 'merged'
    where requests.merged_at is not null or events.event_id is not null

),

-- What was brought by change requests that their tracker calls merged, and since when.
brought as (

    select
        tracker_source,
        unnest([event_commit_hash, merge_commit_hash, squash_commit_hash]) as commit_hash,
        '-infinity'::timestamptz as brought_since_at
    from merged

    union all

    select
        merged.tracker_source,
        own.commit_hash,
        merged.created_at
    from merged
    inner join facts.change_request_commits as own
        on
            merged.tracker_source = own.tracker_source
            and merged.change_request_number = own.change_request_number

),

others as (

    select
        tracker_source,
        commit_hash,
        min(brought_since_at) as brought_since_at
    from brought
    group by tracker_source, commit_hash

)

select
    closed.source,
    claims.tracker_source,
    claims.change_request_number,
    claims.commit_hash,
    claims.evidence,
    closed.closed_by_login,
    greatest(closed.closed_at, landed.committed_at) as landed_at
from intermediate.landing_claims as claims
inner join intermediate.closed_change_requests as closed
    on
        claims.tracker_source = closed.tracker_source
        and claims.change_request_number = closed.change_request_number
inner join facts.commits as landed
    on
        closed.source = landed.source
        and claims.commit_hash = landed.commit_hash
        and landed.is_on_default_branch
        and not landed.is_imported
        and (landed.is_merge or landed.file_count > 0)
        and landed.committed_at between closed.created_at - interval 1 day
        and closed.closed_at + interval 1 day
left join others
    on
        claims.tracker_source = others.tracker_source
        and claims.commit_hash = others.commit_hash
where coalesce(others.brought_since_at > closed.closed_at, true)
qualify
    row_number() over (
        partition by claims.tracker_source, claims.change_request_number
        order by
            claims.evidence_rank,
            abs(date_sub('second', landed.committed_at, closed.closed_at)),
            claims.commit_hash
    ) = 1
