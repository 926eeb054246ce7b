-- Apache DevLake's cycle times of merged pull requests, over our change requests.
--
-- From the first commit to the deployment, or to the merge if there is none, as the sum
-- of coding, the time until the merge, and deploying. Spans are minutes, rounded up; one
-- that would be negative, or has no end, is as none. The first known deployment has none
-- before it to compare with, and so no change.
--
-- grain: metric, project, source, change request
with

deployed as (

    select
        project,
        source,
        quarter as deployed_in,
        subject_id as commit_hash,
        happened_at as deployed_at
    from figures.kpi_evidence
    where
        kpi = 'change_lead_time'
        and related_id is not null
        and reason != 'before_first_deployment'

),

phases as (

    select
        requests.project,
        requests.source,
        requests.merged_in,
        deployed.deployed_in,
        ceil(date_sub('second', requests.first_authored_at, requests.opened_at) / 60)
            as coding,
        ceil(date_sub('second', requests.opened_at, requests.merged_at) / 60) as during,
        ceil(date_sub('second', requests.merged_at, deployed.deployed_at) / 60)
            as deploying,
        greatest(0, coding) + during + greatest(0, deploying) as cycle
    from figures.compared_change_requests as requests
    left join deployed
        on
            requests.project = deployed.project
            and requests.source = deployed.source
            and requests.merge_commit_hash = deployed.commit_hash

),

measured (metric, project, source, quarter, minutes) as (

    select
        unnest(['lead_time', 'change_lead_time']),
        project,
        source,
        unnest([merged_in, deployed_in]),
        cycle
    from phases

)

select
    metric,
    project,
    unnest([source, '*']) as source,
    quarter,
    (60 * minutes)::bigint as value
from measured
where quarter is not null
