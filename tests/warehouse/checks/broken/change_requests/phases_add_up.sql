-- A time without a start.
update intermediate.change_request_lead_times set
    lead_time_seconds = 5,
    unmeasured_seconds = 5
where tracker_source = 'host/two#tracker' and change_request_number = 4;

-- A start without a time.
update intermediate.change_request_lead_times set
    lead_time_evidence = 'head_commits'
where tracker_source = 'host/two#tracker' and change_request_number = 4;

-- A sum that is not the whole.
update intermediate.change_request_lead_times set
    unmeasured_seconds = 1
where tracker_source = 'host/one#tracker' and change_request_number = 3;

-- A negative phase.
update intermediate.change_request_lead_times set
    coding_seconds = -5,
    merge_seconds = merge_seconds + coding_seconds + 5
where tracker_source = 'host/one#tracker' and change_request_number = 3;

-- A phase without a start.
update intermediate.change_request_lead_times set
    coding_seconds = 5
where tracker_source = 'host/two#tracker' and change_request_number = 4;

-- A quarter's total.
update marts.merge_lead_time_quarterly set
    total_unmeasured_seconds = total_unmeasured_seconds + 1
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';

-- A sum of no phase that is not the whole.
update intermediate.change_request_lead_times set
    coding_seconds = null,
    pickup_seconds = null,
    review_seconds = null,
    merge_seconds = null,
    unmeasured_seconds = 3
where tracker_source = 'host/one#tracker' and change_request_number = 3;

-- A negative pickup.
update intermediate.change_request_lead_times set
    pickup_seconds = -5,
    coding_seconds = coding_seconds + pickup_seconds + 5
where tracker_source = 'host/one#tracker' and change_request_number = 3;

-- A negative review.
update intermediate.change_request_lead_times set
    review_seconds = -5,
    coding_seconds = coding_seconds + review_seconds + 5
where tracker_source = 'host/one#tracker' and change_request_number = 3;

-- A negative wait.
update intermediate.change_request_lead_times set
    merge_seconds = -5,
    coding_seconds = coding_seconds + merge_seconds + 5
where tracker_source = 'host/one#tracker' and change_request_number = 3;

-- A negative rest.
update intermediate.change_request_lead_times set
    unmeasured_seconds = -5,
    coding_seconds = coding_seconds + unmeasured_seconds + 5
where tracker_source = 'host/one#tracker' and change_request_number = 3;

-- A negative whole.
update intermediate.change_request_lead_times set
    lead_time_seconds = -5,
    unmeasured_seconds = null
where tracker_source = 'host/one#tracker' and change_request_number = 3;

-- A pickup without a start.
update intermediate.change_request_lead_times set
    pickup_seconds = 5
where tracker_source = 'host/two#tracker' and change_request_number = 4;

-- A review without a start.
update intermediate.change_request_lead_times set
    review_seconds = 5
where tracker_source = 'host/two#tracker' and change_request_number = 4;

-- A wait without a start.
update intermediate.change_request_lead_times set
    merge_seconds = 5
where tracker_source = 'host/two#tracker' and change_request_number = 4;

-- A sum beyond the whole, by one phase.
update intermediate.change_request_lead_times set
    lead_time_seconds = 8,
    coding_seconds = 2,
    pickup_seconds = 2,
    review_seconds = 2,
    merge_seconds = 2,
    unmeasured_seconds = 2
where tracker_source = 'host/one#tracker' and change_request_number = 3;
