-- Middleware's phases of merged pull requests, over our change requests.
--
-- A phase that there was not takes no time. A merge counts as the deployment, as it does
-- there by default.
--
-- grain: metric, project, source, change request
with

phases as (

    select
        *,
        greatest(0, date_sub('second', first_authored_at, opened_at)) as coding,
        greatest(0, date_sub('second', ready_at, first_review_at)) as pickup,
        greatest(0, date_sub('second', first_review_at, first_approval_at)) as review,
        greatest(0, date_sub('second', first_approval_at, merged_at)) as merging,
        coding + pickup + review + merging as total
    from figures.compared_change_requests

),

measured (metric, project, source, quarter, seconds) as (

    select
        unnest(['coding_time', 'pickup_time', 'review_time', 'merge_time', 'lead_time']),
        project,
        source,
        merged_in,
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
