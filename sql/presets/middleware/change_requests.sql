-- Middleware's phases of merged pull requests, over our change requests.
--
-- A phase that there was not takes no time. A merge counts as the deployment, as it does
-- there by default.
--
-- grain: metric, project, source, change request
with

starts as (

    select
        tracker_source,
        change_request_number,
        min(authored_at) as first_authored_at
    from facts.change_request_commits
    group by tracker_source, change_request_number

),

requests as (

    select
        evidence.project,
        evidence.source,
        evidence.quarter,
        evidence.happened_at as merged_at,
        found.opened_at,
        coalesce(found.ready_at, found.opened_at) as ready_at,
        found.first_review_at,
        found.first_approval_at,
        starts.first_authored_at
    from facts.kpi_evidence as evidence
    inner join facts.change_requests as found
        on
            evidence.subject_id
            = replace(found.tracker_source, '#tracker', '#') || found.change_request_number
    left join starts
        on
            found.tracker_source = starts.tracker_source
            and found.change_request_number = starts.change_request_number
    where evidence.kpi = 'change_requests_merged' and evidence.is_counted

),

phases as (

    select
        *,
        greatest(0, date_diff('second', first_authored_at, opened_at)) as coding,
        greatest(0, date_diff('second', ready_at, first_review_at)) as pickup,
        greatest(0, date_diff('second', first_review_at, first_approval_at)) as review,
        greatest(0, date_diff('second', first_approval_at, merged_at)) as merging,
        coding + pickup + review + merging as total
    from requests

),

measured (metric, project, source, quarter, seconds) as (

    select
        unnest(['coding_time', 'pickup_time', 'review_time', 'merge_time', 'lead_time']),
        project,
        source,
        quarter,
        unnest([coding, pickup, review, merging, total])
    from phases

)

select
    metric,
    project,
    unnest([source, '*']) as source,
    quarter,
    seconds as value
from measured
