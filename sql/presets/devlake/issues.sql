-- Apache DevLake's issues completed, over our issues: those opened in the quarter that
-- are closed today.
--
-- grain: project, source, issue
select
    'issues_closed' as metric,
    openings.project,
    unnest([openings.source, '*']) as source,
    openings.quarter,
    1 as value
from figures.kpi_evidence as openings
inner join facts.issues as issues
    on
        openings.subject_id
        = replace(issues.tracker_source, '#tracker', '#') || issues.issue_number
where
    openings.kpi = 'issue_closure_ratio'
    and openings.subject_type = 'issue'
    and openings.is_counted
    and not issues.is_open
