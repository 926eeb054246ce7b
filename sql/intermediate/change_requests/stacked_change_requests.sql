-- The change requests that were merged into the branch of another one: their work lands,
-- and counts, with that.
--
-- The other one was open when this one was merged, and no change request of the same
-- branch was merged before: a branch that is merged again and again is no request's, nor
-- is the default branch.
--
-- grain: tracker_source, change_request_number
with

requests as (

    select
        requests.*,
        trackers.tracker_path,
        coalesce(
            trackers.default_branch,
            regexp_replace(repositories.default_branch, '^refs/heads/', '')
        ) as default_branch,
        merged.merged_at as landed_at
    from staging.change_requests as requests
    inner join staging.trackers as trackers
        on requests.tracker_source = trackers.tracker_source
    left join staging.repositories as repositories
        on requests.source = repositories.source
    left join intermediate.merged_change_requests as merged
        on
            requests.tracker_source = merged.tracker_source
            and requests.change_request_number = merged.change_request_number

),

stacked as (

    select
        requests.tracker_source,
        requests.change_request_number,
        min(bases.change_request_number) as into_change_request_number
    from requests
    inner join requests as bases
        on
            requests.tracker_source = bases.tracker_source
            and requests.base_ref = bases.head_ref
            and lower(bases.head_repository) = lower(bases.tracker_path)
            and requests.change_request_number != bases.change_request_number
    where requests.base_ref is distinct from requests.default_branch
    group by
        requests.tracker_source,
        requests.change_request_number,
        requests.landed_at
    having
        bool_or(
            bases.created_at <= requests.landed_at
            and coalesce(bases.landed_at, bases.closed_at, 'infinity'::timestamptz)
            >= requests.landed_at
        )
        and not coalesce(bool_or(bases.landed_at < requests.landed_at), false)

)

select * from stacked
