-- GitLab's lead and cycle time of its value stream analytics, over our issues: of those
-- that are closed today, in the quarter of their last closing.
--
-- grain: metric, project, source, issue
with

closed as (

    select
        evidence.project,
        evidence.source,
        evidence.quarter,
        issues.tracker_source,
        issues.closed_by_change_request_number,
        issues.closed_at,
        issues.close_seconds
    from figures.kpi_evidence as evidence
    inner join facts.issues as issues
        on
            regexp_replace(evidence.subject_id, '/\d+$', '')
            = replace(issues.tracker_source, '#tracker', '#') || issues.issue_number
            and evidence.happened_at = issues.closed_at
    where evidence.kpi = 'issues_closed' and evidence.is_counted and not issues.is_open

),

measured (metric, project, source, quarter, seconds) as (

    select
        'days_to_close',
        project,
        source,
        quarter,
        close_seconds
    from closed

    union all

    select
        'project_lead_time',
        closed.project,
        closed.source,
        closed.quarter,
        date_sub('second', own.first_authored_at, closed.closed_at)
    from closed
    inner join intermediate.change_request_own_commits as own
        on
            closed.tracker_source = own.tracker_source
            and closed.closed_by_change_request_number = own.change_request_number
            and closed.closed_at >= own.first_authored_at

)

select
    metric,
    project,
    unnest([source, '*']) as source,
    quarter,
    seconds as value
from measured
