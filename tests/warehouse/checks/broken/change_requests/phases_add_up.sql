-- A time without a start.
update intermediate.change_request_lead_times set
    lead_time_evidence = 'unknown',
    lead_time_seconds = 5,
    coding_seconds = null,
    pickup_seconds = null,
    review_seconds = null,
    merge_seconds = null,
    unmeasured_seconds = 5
where tracker_source = 'host/one#tracker' and change_request_number = 3;

-- A start without a time.
update intermediate.change_request_lead_times set
    lead_time_evidence = 'head_commits',
    lead_time_seconds = null,
    coding_seconds = null,
    pickup_seconds = null,
    review_seconds = null,
    merge_seconds = null,
    unmeasured_seconds = null
where tracker_source = 'host/one#tracker' and change_request_number = 3;

-- A sum that is not the whole.
update intermediate.change_request_lead_times set
    lead_time_evidence = 'head_commits',
    lead_time_seconds = 10,
    coding_seconds = 2,
    pickup_seconds = 2,
    review_seconds = 2,
    merge_seconds = 2,
    unmeasured_seconds = 3
where tracker_source = 'host/one#tracker' and change_request_number = 3;

-- A negative phase.
update intermediate.change_request_lead_times set
    lead_time_evidence = 'head_commits',
    lead_time_seconds = 0,
    coding_seconds = -5,
    pickup_seconds = 0,
    review_seconds = 0,
    merge_seconds = 5,
    unmeasured_seconds = 0
where tracker_source = 'host/one#tracker' and change_request_number = 3;

-- A phase without a start.
update intermediate.change_request_lead_times set
    lead_time_evidence = 'unknown',
    lead_time_seconds = null,
    coding_seconds = 5,
    pickup_seconds = null,
    review_seconds = null,
    merge_seconds = null,
    unmeasured_seconds = null
where tracker_source = 'host/one#tracker' and change_request_number = 3;

-- A quarter's total.
update marts.merge_lead_time_quarterly set
    total_unmeasured_seconds = total_unmeasured_seconds + 1
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';

-- A sum of no phase that is not the whole.
update intermediate.change_request_lead_times set
    lead_time_evidence = 'head_commits',
    lead_time_seconds = 10,
    coding_seconds = null,
    pickup_seconds = null,
    review_seconds = null,
    merge_seconds = null,
    unmeasured_seconds = 3
where tracker_source = 'host/one#tracker' and change_request_number = 3;

-- A negative pickup.
update intermediate.change_request_lead_times set
    lead_time_evidence = 'head_commits',
    lead_time_seconds = 0,
    coding_seconds = 5,
    pickup_seconds = -5,
    review_seconds = 0,
    merge_seconds = 0,
    unmeasured_seconds = 0
where tracker_source = 'host/one#tracker' and change_request_number = 3;

-- A negative review.
update intermediate.change_request_lead_times set
    lead_time_evidence = 'head_commits',
    lead_time_seconds = 0,
    coding_seconds = 5,
    pickup_seconds = 0,
    review_seconds = -5,
    merge_seconds = 0,
    unmeasured_seconds = 0
where tracker_source = 'host/one#tracker' and change_request_number = 3;

-- A negative wait.
update intermediate.change_request_lead_times set
    lead_time_evidence = 'head_commits',
    lead_time_seconds = 0,
    coding_seconds = 5,
    pickup_seconds = 0,
    review_seconds = 0,
    merge_seconds = -5,
    unmeasured_seconds = 0
where tracker_source = 'host/one#tracker' and change_request_number = 3;

-- A negative rest.
update intermediate.change_request_lead_times set
    lead_time_evidence = 'head_commits',
    lead_time_seconds = 0,
    coding_seconds = 5,
    pickup_seconds = 0,
    review_seconds = 0,
    merge_seconds = 0,
    unmeasured_seconds = -5
where tracker_source = 'host/one#tracker' and change_request_number = 3;

-- A negative whole.
update intermediate.change_request_lead_times set
    lead_time_evidence = 'head_commits',
    lead_time_seconds = -5,
    coding_seconds = null,
    pickup_seconds = null,
    review_seconds = null,
    merge_seconds = null,
    unmeasured_seconds = null
where tracker_source = 'host/one#tracker' and change_request_number = 3;

-- A pickup without a start.
update intermediate.change_request_lead_times set
    lead_time_evidence = 'unknown',
    lead_time_seconds = null,
    coding_seconds = null,
    pickup_seconds = 5,
    review_seconds = null,
    merge_seconds = null,
    unmeasured_seconds = null
where tracker_source = 'host/one#tracker' and change_request_number = 3;

-- A review without a start.
update intermediate.change_request_lead_times set
    lead_time_evidence = 'unknown',
    lead_time_seconds = null,
    coding_seconds = null,
    pickup_seconds = null,
    review_seconds = 5,
    merge_seconds = null,
    unmeasured_seconds = null
where tracker_source = 'host/one#tracker' and change_request_number = 3;

-- A wait without a start.
update intermediate.change_request_lead_times set
    lead_time_evidence = 'unknown',
    lead_time_seconds = null,
    coding_seconds = null,
    pickup_seconds = null,
    review_seconds = null,
    merge_seconds = 5,
    unmeasured_seconds = null
where tracker_source = 'host/one#tracker' and change_request_number = 3;

-- A sum beyond the whole, by one phase.
update intermediate.change_request_lead_times set
    lead_time_evidence = 'head_commits',
    lead_time_seconds = 8,
    coding_seconds = 2,
    pickup_seconds = 2,
    review_seconds = 2,
    merge_seconds = 2,
    unmeasured_seconds = 2
where tracker_source = 'host/one#tracker' and change_request_number = 3;
