-- Commits.
update marts.velocity_quarterly set
    commit_count = commit_count + 1
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';

-- Lines added.
update marts.velocity_quarterly set
    lines_added = lines_added + 1
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';

-- Lines deleted.
update marts.velocity_quarterly set
    lines_deleted = lines_deleted + 1
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';

-- Right: lines of generated files.
insert into kpis.lines_changed
select * replace ('generated_files' as subject_type, 'generated' as reason)
from kpis.lines_changed
where project = 'all' and value > 0;

-- Issues closed.
update marts.issue_closure_quarterly set
    closed_count = closed_count + 1
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';

-- Issues open.
update marts.issue_closure_quarterly set
    open_at_end_count = open_at_end_count + 1
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';

-- Change requests.
update marts.merge_lead_time_quarterly set
    merged_change_request_count = 9
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';

-- Right: outside the active days.
insert into intermediate.project_periods (project, active_from_at, active_until_at)
values ('all', 'infinity', 'infinity');

-- Commits of which the KPI has no row.
update marts.velocity_quarterly set
    commit_count = 9
where source = 'host/one' and quarter = '2024-Q3' and project = 'all';

-- Change requests of which the mart has no number.
update marts.merge_lead_time_quarterly set
    merged_change_request_count = null
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';

-- Right: a draft at the quarter's end.
update kpis.change_requests_merged set
    reason = 'draft'
where subject_id = 'host/two#4' and quarter = '2024-Q1';

-- A closing that a label excludes in the KPI only.
update kpis.issues_closed set
    reason = 'left_out_label'
where subject_id = 'host/one#1/2' and project = 'all';

-- An open issue that a type excludes in the KPI only.
update kpis.issues_remaining set
    reason = 'left_out_type'
where subject_id = 'host/one#2' and project = 'all';

-- Right: a change request of a quarter of which it is not known how many there are.
update kpis.change_requests_merged set
    reason = 'after_last_poll'
where subject_id = 'host/two#4' and quarter = '2024-Q2';
update marts.merge_lead_time_quarterly set
    merged_change_request_count = null
where source = 'host/two' and quarter = '2024-Q2';

-- Right: a change request that others delivered.
update kpis.change_requests_merged set
    reason = 'delivered_by_others'
where subject_id = 'host/two#4' and quarter = '2024-Q1';
