-- The issues that count in each project that owns a whole tracker, by its rules, and the
-- instants between which the project was active.
--
-- grain: project, tracker_source, issue_number
-- made: as a view
select
    issues.project,
    issues.source,
    issues.tracker_source,
    issues.issue_number,
    coalesce(periods.active_from_at, '-infinity'::timestamptz) as active_from_at,
    coalesce(periods.active_until_at, 'infinity'::timestamptz) as active_until_at
from intermediate.kpi_issues as issues
inner join facts.project_repositories as owned
    on issues.project = owned.project and issues.source = owned.source and owned.is_whole
left join intermediate.project_periods as periods on issues.project = periods.project
where issues.left_out_reason is null
