-- The first commit of each change request, and how many it has.
--
-- It is that of its commits in the tracker, else of its head in Git, else of what its
-- merge commit brought in.
--
-- grain: tracker_source, change_request_number
select
    requests.source,
    requests.tracker_source,
    requests.change_request_number,
    coalesce(own.commit_count, heads.commit_count) as commit_count,
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
