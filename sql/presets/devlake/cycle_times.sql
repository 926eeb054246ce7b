-- Apache DevLake's times of merged pull requests, over our change requests.
--
-- Spans are minutes, rounded up; one that would be negative, or has no end, is as none.
-- The first comment is that of any other account, bots too. The first known deployment
-- takes in all that was merged before it.
--
-- grain: metric, project, source, change request
with

requests as (

    select
        evidence.project,
        evidence.source,
        evidence.quarter as merged_in,
        evidence.happened_at as merged_at,
        found.tracker_source,
        found.change_request_number,
        found.author_login,
        found.quarter as opened_in,
        found.opened_at,
        found.merge_commit_hash
    from facts.kpi_evidence as evidence
    inner join facts.change_requests as found
        on
            evidence.subject_id
            = replace(found.tracker_source, '#tracker', '#') || found.change_request_number
    where evidence.kpi = 'change_requests_merged' and evidence.is_counted

),

starts as (

    select
        tracker_source,
        change_request_number,
        min(authored_at) as first_authored_at
    from facts.change_request_commits
    group by tracker_source, change_request_number

),

comments as (

    select
        tracker_source,
        item_number as change_request_number,
        author_login,
        created_at
    from staging.comments
    where item_kind = 'change_request'

    union all

    select
        tracker_source,
        change_request_number,
        reviewer_login as author_login,
        submitted_at as created_at
    from staging.reviews
    where verdict != 'pending'

),

answers as (

    select
        requests.tracker_source,
        requests.change_request_number,
        min(comments.created_at) as first_commented_at
    from requests
    inner join comments
        on
            requests.tracker_source = comments.tracker_source
            and requests.change_request_number = comments.change_request_number
            and requests.author_login != comments.author_login
    group by requests.tracker_source, requests.change_request_number

),

deployed as (

    select
        project,
        source,
        quarter as deployed_in,
        subject_id as commit_hash,
        happened_at as deployed_at
    from facts.kpi_evidence
    where kpi = 'change_lead_time' and related_id is not null

),

dated as (

    select
        requests.*,
        starts.first_authored_at,
        answers.first_commented_at,
        deployed.deployed_in,
        deployed.deployed_at
    from requests
    left join starts
        on
            requests.tracker_source = starts.tracker_source
            and requests.change_request_number = starts.change_request_number
    left join answers
        on
            requests.tracker_source = answers.tracker_source
            and requests.change_request_number = answers.change_request_number
    left join deployed
        on
            requests.project = deployed.project
            and requests.source = deployed.source
            and requests.merge_commit_hash = deployed.commit_hash

),

phases as (

    select
        *,
        greatest(0, ceil(date_diff('second', first_authored_at, opened_at) / 60)) as coding,
        greatest(0, ceil(date_diff('second', opened_at, first_commented_at) / 60)) as pickup,
        greatest(0, ceil(date_diff('second', first_commented_at, merged_at) / 60)) as review,
        greatest(0, ceil(date_diff('second', merged_at, deployed_at) / 60)) as deploy,
        ceil(date_diff('second', opened_at, merged_at) / 60) as during,
        coding + during + deploy as cycle
    from dated

),

measured (metric, project, source, quarter, minutes) as (

    select
        unnest(['coding_time', 'pickup_time', 'review_time', 'lead_time', 'change_lead_time']),
        project,
        source,
        unnest([opened_in, opened_in, opened_in, merged_in, deployed_in]),
        unnest([coding, pickup, review, cycle, cycle])
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
