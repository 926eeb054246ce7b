-- CHAOSS's metrics over our rows, of things by the quarter in which they were opened.
--
-- Such a quarter changes as long as something of it is still to end: what is open has no
-- duration yet.
--
-- grain: kpi, metric, project, source, quarter
with

metrics (kpi, metric, without_rows, definition, why) as (

    values
    (
        'lead_time',
        'Change Requests Duration',
        null,
        'Opened to merged, of the change requests opened in the quarter; median.',
        'Ours starts with the first trace of work, and is by the quarter of the merge.'
    ),
    (
        'issues_closed',
        'Issues Closed, reopened not as new',
        0,
        'Issues that are closed, by the quarter of their last closing.',
        'Ours counts reopened issues as new: each closing in its own quarter, for good.'
    ),
    (
        'days_to_close',
        'Issue Resolution Duration, by open time',
        null,
        'Opened to closed, of the issues opened in the quarter that are closed; median.',
        'Ours is by the quarter of the closing, so that a late one never changes an old '
        || 'quarter.'
    ),
    (
        'first_response_time',
        'Issue Response Time',
        null,
        'Opened to the first answer by another person, of the issues opened in the quarter; '
        || 'median.',
        'Ours is by the quarter of the answer, so that a late one never changes an old '
        || 'quarter.'
    ),
    (
        'contributor_absence_factor',
        'Contributor Absence Factor',
        null,
        'Smallest number of contributors who made half of the commits, whoever they are.',
        'Ours leaves out bots and AI agents where the project''s rules do.'
    )

),

requests as (

    select
        'lead_time' as kpi,
        evidence.project,
        evidence.source,
        found.quarter,
        date_diff('second', found.opened_at, evidence.happened_at) as value
    from facts.kpi_evidence as evidence
    inner join facts.change_requests as found
        on
            evidence.subject_id
            = replace(found.tracker_source, '#tracker', '#') || found.change_request_number
    where evidence.kpi = 'change_requests_merged' and evidence.is_counted

),

closed_last as (

    select
        'issues_closed' as kpi,
        evidence.project,
        evidence.source,
        evidence.quarter,
        1 as value
    from facts.kpi_evidence as evidence
    inner join facts.issues as issues
        on
            regexp_replace(evidence.subject_id, '/\d+$', '')
            = replace(issues.tracker_source, '#tracker', '#') || issues.issue_number
            and evidence.happened_at = issues.closed_at
    where
        evidence.kpi = 'issues_closed'
        and evidence.is_counted
        and not issues.is_open

),

opened as (

    select
        evidence.project,
        evidence.source,
        evidence.quarter,
        if(issues.is_open, null, issues.close_seconds) as days_to_close,
        issues.response_seconds as first_response_time
    from facts.kpi_evidence as evidence
    inner join facts.issues as issues
        on
            evidence.subject_id
            = replace(issues.tracker_source, '#tracker', '#') || issues.issue_number
    where
        evidence.kpi = 'issue_closure_ratio'
        and evidence.subject_type = 'issue'
        and evidence.is_counted

),

durations as (

    from opened unpivot (value for kpi in (days_to_close, first_response_time))

),

measured as (

    select * from requests
    union all by name
    select * from closed_last
    union all by name
    select * from durations

),

spread as (

    select
        kpi,
        project,
        coalesce(source, '*') as source,
        quarter,
        count(*) as n,
        if(kpi = 'issues_closed', count(*), median(value)) as value
    from measured
    group by grouping sets ((kpi, project, source, quarter), (kpi, project, quarter))

),

contributors as (

    select
        project,
        coalesce(source, '*') as source,
        quarter,
        person,
        count(*) as commit_count
    from facts.kpi_evidence
    where kpi = 'commits' and reason in ('counted', 'bot', 'ai_agent')
    group by grouping sets (
        (project, source, quarter, person), (project, quarter, person)
    )

),

ranked as (

    select
        *,
        sum(commit_count) over in_order - commit_count as commits_before,
        sum(commit_count) over (partition by project, source, quarter) as total
    from contributors
    window
        in_order as (
            partition by project, source, quarter
            order by commit_count desc, person asc
            rows between unbounded preceding and current row
        )

),

figures as (

    select * from spread

    union all

    select
        'contributor_absence_factor' as kpi,
        project,
        source,
        quarter,
        count(*) as n,
        count(*) filter (where commits_before * 2 < total) as value
    from ranked
    group by project, source, quarter

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
