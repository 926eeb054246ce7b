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

-- One that others delivered.
insert into intermediate.repeated_change_requests
select
    tracker_source,
    change_request_number
from intermediate.merged_change_requests
where source = 'host/one' and quarter = '2024-Q1';

-- Right: others delivered one of the same number in another tracker.
insert into intermediate.repeated_change_requests
select
    'host/three#tracker' as tracker_source,
    change_request_number
from intermediate.merged_change_requests;

-- Right: others delivered another one of the tracker.
insert into intermediate.repeated_change_requests
values ('host/one#tracker', 999);
