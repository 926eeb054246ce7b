-- CHAOSS's metrics of issues, over ours: closed with and without reopened ones as new,
-- and durations of those opened in the quarter.
--
-- Such a quarter changes as long as something of it is still to end: what is open has no
-- duration yet, and where reopened issues are not new, only the last closing of what is
-- closed today counts.
--
-- grain: metric, project, source, issue or closing
with

closings as (

    select
        evidence.project,
        evidence.source,
        evidence.quarter,
        not issues.is_open and evidence.happened_at = issues.closed_at as is_last
    from figures.kpi_evidence as evidence
    inner join facts.issues as issues
        on
            regexp_replace(evidence.subject_id, '/\d+$', '')
            = replace(issues.tracker_source, '#tracker', '#') || issues.issue_number
    where evidence.kpi = 'issues_closed' and evidence.is_counted

),

openings as (

    select
        evidence.project,
        evidence.source,
        evidence.quarter,
        if(issues.is_open, null, issues.close_seconds) as close_seconds,
        issues.response_seconds
    from figures.kpi_evidence as evidence
    inner join facts.issues as issues
        on
            evidence.subject_id
            = replace(issues.tracker_source, '#tracker', '#') || issues.issue_number
    where
        evidence.kpi = 'issue_closure_ratio'
        and evidence.subject_type = 'issue'
        and evidence.is_counted

),

measured (metric, project, source, quarter, value) as (

    select
        unnest(['reopened_as_new', 'reopened_not_as_new']),
        project,
        source,
        quarter,
        unnest([1, if(is_last, 1, null)])
    from closings

    union all

    select
        unnest(['days_to_close', 'first_response_time']),
        project,
        source,
        quarter,
        unnest([close_seconds, response_seconds])
    from openings

)

select
    metric,
    project,
    unnest([source, '*']) as source,
    quarter,
    value
from measured
where value is not null
