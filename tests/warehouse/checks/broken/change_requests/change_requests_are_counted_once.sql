-- A merge too many.
update marts.merge_lead_time_quarterly set
    merged_change_request_count = 9,
    unknown_change_request_count
    = 9 - measured_change_request_count - uncertain_change_request_count
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';

-- A merge unexplained.
update marts.merge_lead_time_quarterly set
    unknown_change_request_count = 9
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';

-- A change request lost.
delete from facts.change_requests
where tracker_source = 'host/one#tracker' and change_request_number = 6;

-- Right: a merge outside the calendar.
insert into intermediate.merged_change_requests by name
select * replace (null as quarter)
from intermediate.merged_change_requests;

-- Merges in a quarter of no row.
delete from marts.merge_lead_time_quarterly
where source = 'host/one' and quarter = '2024-Q1';

-- A row of merges that are in no quarter.
update intermediate.merged_change_requests set
    quarter = null
where source = 'host/one';

-- One that does not count any more.
update intermediate.project_change_requests set
    merged_reason = 'delivered_by_others'
where source = 'host/one' and project = 'all';

-- Right: one of the same number in another tracker.
insert into intermediate.project_change_requests by name
select * replace ('host/three#tracker' as tracker_source)
from intermediate.project_change_requests
where project = 'all';

-- Right: another one of the tracker.
insert into intermediate.project_change_requests by name
select * replace (999 as change_request_number)
from intermediate.project_change_requests
where project = 'all';

-- Right: one that a project does not count.
insert into intermediate.merged_change_requests by name
select * replace (999 as change_request_number)
from intermediate.merged_change_requests;
insert into intermediate.project_change_requests by name
select * replace (999 as change_request_number, 'left_out_label' as merged_reason)
from intermediate.project_change_requests;

-- Right: fewer in a project with a period.
insert into intermediate.project_periods (project, active_from_at, active_until_at)
values ('all', 'infinity', 'infinity');
update marts.merge_lead_time_quarterly set
    merged_change_request_count = 0,
    measured_change_request_count = 0,
    uncertain_change_request_count = 0,
    unknown_change_request_count = 0
where project = 'all' and merged_change_request_count is not null;

-- Right: merges of a source that a project owns in part, beside one that it owns whole.
insert into facts.project_repositories (project, source, is_whole)
values ('part', 'host/four', true);
insert into intermediate.project_change_requests by name
select * replace ('part' as project)
from intermediate.project_change_requests
where project = 'all' and source = 'host/one';
