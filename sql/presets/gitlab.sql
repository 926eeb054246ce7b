-- GitLab's figures over our rows: its DORA lead time and its value stream analytics.
--
-- grain: kpi, metric, project, source, quarter
with

metrics (kpi, metric, definition, why) as (

    values
    (
        'change_lead_time',
        'Lead time for changes',
        'Merge to running in production, over the merge requests that the quarter''s '
        || 'deployments brought; median.',
        'Ours starts when a change was written: the time until the merge is part of it.'
    ),
    (
        'days_to_close',
        'Lead time',
        'Issue created to closed, over the issues whose last closing is in the quarter; '
        || 'median.',
        'Ours is over all closings: that an issue was reopened later takes nothing out of a '
        || 'quarter.'
    ),
    (
        'project_lead_time',
        'Cycle time',
        'Earliest commit of the linked merge request to the closing of its issue; median.',
        'Ours starts with the first assignment, label or work, needs no merge request, and '
        || 'is a mean.'
    )

),

requests as (

    select
        evidence.project,
        evidence.source,
        evidence.happened_at as merged_at,
        found.merge_commit_hash
    from facts.kpi_evidence as evidence
    inner join facts.change_requests as found
        on
            evidence.subject_id
            = replace(found.tracker_source, '#tracker', '#') || found.change_request_number
    where evidence.kpi = 'change_requests_merged' and evidence.is_counted

),

closings as (

    select
        evidence.project,
        evidence.source,
        evidence.quarter,
        issues.closed_at,
        issues.close_seconds,
        min(commits.authored_at) as first_authored_at
    from facts.kpi_evidence as evidence
    inner join facts.issues as issues
        on
            regexp_replace(evidence.subject_id, '/\d+$', '')
            = replace(issues.tracker_source, '#tracker', '#') || issues.issue_number
            and evidence.happened_at = issues.closed_at
    left join facts.change_request_commits as commits
        on
            issues.tracker_source = commits.tracker_source
            and issues.closed_by_change_request_number = commits.change_request_number
    where
        evidence.kpi = 'issues_closed'
        and evidence.is_counted
        and not issues.is_open
    group by all

),

measured (kpi, project, source, quarter, seconds) as (

    select
        'change_lead_time',
        deployed.project,
        deployed.source,
        deployed.quarter,
        date_diff('second', requests.merged_at, deployed.happened_at)
    from facts.kpi_evidence as deployed
    inner join requests
        on
            deployed.project = requests.project
            and deployed.source = requests.source
            and deployed.subject_id = requests.merge_commit_hash
            and deployed.happened_at >= requests.merged_at
    where deployed.kpi = 'change_lead_time' and deployed.related_id is not null

    union all

    select
        'days_to_close',
        project,
        source,
        quarter,
        close_seconds
    from closings

    union all

    select
        'project_lead_time',
        project,
        source,
        quarter,
        date_diff('second', first_authored_at, closed_at)
    from closings
    where first_authored_at <= closed_at

),

figures as (

    select
        kpi,
        project,
        coalesce(source, '*') as source,
        quarter,
        count(*) as n,
        median(seconds) as value
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
    round(figures.value / kpis.unit_size, 6) as value,
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
