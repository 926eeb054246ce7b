-- Apache DevLake's figures over our rows: its DORA and throughput dashboards, by quarter.
--
-- Its medians are the lower of the middle two, its spans minutes rounded up. A phase that
-- would be negative is null and so counts nothing; no incidents are zero hours.
--
-- grain: kpi, metric, project, source, quarter
with

metrics (kpi, metric, without_rows, definition, why) as (

    values
    (
        'lead_time',
        'PR cycle time',
        null,
        'Merged PRs: earliest author date of the commits to the deployment, or to the merge '
        || 'if there is none; lower median.',
        'Ours ends with the merge, keeps the start of rebased work, and takes the middle '
        || 'between two.'
    ),
    (
        'change_lead_time',
        'Lead time for changes',
        null,
        'PR cycle time of the PRs whose merge commit the quarter''s deployments brought; '
        || 'lower median.',
        'Ours is over commits, and leaves out what was there before the first deployment.'
    ),
    (
        'change_fail_rate',
        'Change failure rate',
        null,
        'Deployments with an incident by deployments; an incident is laid to the last '
        || 'deployment before it, however old.',
        'Ours lays an incident to what it names, reverts or fixes, or to a deployment of '
        || 'the days before it.'
    ),
    (
        'failed_deployment_recovery_time',
        'Failed deployment recovery time',
        0,
        'Last deployment before the incident to its resolution, both in the quarter; '
        || 'lower median.',
        'Ours is in the quarter of the resolution, wherever the deployment was, and none '
        || 'is no data, not zero.'
    ),
    (
        'mean_time_to_recovery',
        'Median time to restore service',
        0,
        'Incidents by the quarter of their resolution: created to resolved; lower median.',
        'Ours is the mean, and a quarter without incidents is no data, not zero.'
    ),
    (
        'issues_closed',
        'Issues completed',
        0,
        'Issues by the quarter in which they were created that are closed today.',
        'Ours counts closings in the quarter in which they happened, whatever came later.'
    )

),

requests as (

    select
        evidence.project,
        evidence.source,
        evidence.quarter,
        evidence.happened_at as merged_at,
        found.opened_at,
        found.merge_commit_hash,
        min(commits.authored_at) as first_authored_at
    from facts.kpi_evidence as evidence
    inner join facts.change_requests as found
        on
            evidence.subject_id
            = replace(found.tracker_source, '#tracker', '#') || found.change_request_number
    left join facts.change_request_commits as commits
        on
            found.tracker_source = commits.tracker_source
            and found.change_request_number = commits.change_request_number
    where evidence.kpi = 'change_requests_merged' and evidence.is_counted
    group by all

),

deployed as (

    select
        project,
        source,
        quarter,
        subject_id as commit_hash,
        happened_at as deployed_at
    from facts.kpi_evidence
    where kpi = 'change_lead_time' and related_id is not null

),

cycle_times as (

    select
        requests.project,
        requests.source,
        requests.quarter as merged_in,
        deployed.quarter as deployed_in,
        60 * (
            ceil(date_diff('second', requests.opened_at, requests.merged_at) / 60)
            + if(
                requests.first_authored_at <= requests.opened_at,
                ceil(date_diff('second', requests.first_authored_at, requests.opened_at) / 60),
                0
            )
            + if(
                deployed.deployed_at >= requests.merged_at,
                ceil(date_diff('second', requests.merged_at, deployed.deployed_at) / 60),
                0
            )
        ) as seconds
    from requests
    left join deployed
        on
            requests.project = deployed.project
            and requests.source = deployed.source
            and requests.merge_commit_hash = deployed.commit_hash

),

deployments as (

    select
        project,
        source,
        quarter,
        subject_id as deployment_id,
        happened_at as deployed_at
    from facts.kpi_evidence
    where kpi = 'deployment_frequency' and is_counted

),

incidents as (

    select
        project,
        source,
        quarter,
        if(is_counted, happened_at, null) as resolved_at,
        if(is_counted, value, null) as seconds,
        if(is_counted, happened_at - to_seconds(value), happened_at) as created_at
    from facts.kpi_evidence
    where kpi = 'mean_time_to_recovery' and reason in ('counted', 'still_open')

),

blamed as (

    select
        incidents.*,
        deployments.source as deployed_source,
        deployments.quarter as deployed_in,
        deployments.deployment_id,
        deployments.deployed_at
    from incidents
    asof inner join deployments
        on
            incidents.project = deployments.project
            and incidents.created_at >= deployments.deployed_at

),

failures as (

    select distinct
        project,
        deployed_source,
        deployment_id
    from blamed

),

measured (kpi, project, source, quarter, value) as (

    select
        'lead_time',
        project,
        source,
        merged_in,
        seconds
    from cycle_times

    union all

    select
        'change_lead_time',
        project,
        source,
        deployed_in,
        seconds
    from cycle_times
    where deployed_in is not null

    union all

    select
        'change_fail_rate',
        deployments.project,
        deployments.source,
        deployments.quarter,
        (failures.project is not null)::bigint
    from deployments
    left join failures
        on
            deployments.project = failures.project
            and deployments.source = failures.deployed_source
            and deployments.deployment_id = failures.deployment_id

    union all

    select
        'failed_deployment_recovery_time',
        project,
        source,
        quarter,
        date_diff('second', deployed_at, resolved_at)
    from blamed
    where quarter = deployed_in and resolved_at is not null

    union all

    select
        'mean_time_to_recovery',
        project,
        source,
        quarter,
        seconds
    from incidents
    where resolved_at is not null

    union all

    select
        'issues_closed',
        openings.project,
        openings.source,
        openings.quarter,
        1
    from facts.kpi_evidence as openings
    inner join facts.issues as issues
        on
            openings.subject_id
            = replace(issues.tracker_source, '#tracker', '#') || issues.issue_number
    where
        openings.kpi = 'issue_closure_ratio'
        and openings.subject_type = 'issue'
        and openings.is_counted
        and not issues.is_open

),

figures as (

    select
        kpi,
        project,
        coalesce(source, '*') as source,
        quarter,
        count(*) as n,
        case kpi
            when 'change_fail_rate' then avg(value)
            when 'issues_closed' then count(*)
            else quantile_disc(value, 0.5)
        end as value
    from measured
    group by grouping sets ((kpi, project, source, quarter), (kpi, project, quarter))

)

select
    metrics.kpi,
    metrics.metric,
    ours.project,
    ours.source,
    ours.quarter,
    coalesce(figures.n, 0) as n,
    round(coalesce(figures.value, metrics.without_rows) / kpis.unit_size, 6) as value,
    metrics.definition,
    metrics.why
from metrics
inner join marts.dim_kpis as kpis on metrics.kpi = kpis.kpi
inner join marts.kpi_quarterly as ours
    on metrics.kpi = ours.kpi and ours.project != '*'
left join figures
    on
        ours.kpi = figures.kpi
        and ours.project = figures.project
        and ours.source = figures.source
        and ours.quarter = figures.quarter
