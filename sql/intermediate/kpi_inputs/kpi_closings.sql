-- The closings of issues that KPIs look at, and since when there was work on the issue.
--
-- Work started with the first assignment, the first label that says so, or the work on
-- the change request that closed the issue, whichever came first. A closing is lasting
-- if the issue was not reopened in the same quarter: what comes later changes no
-- quarter that is over.
--
-- grain: project, tracker_source, issue_number, state_number
with

assigned as (

    select
        tracker_source,
        item_number as issue_number,
        min(valid_from_at) as assigned_at
    from facts.item_attributes
    where item_kind = 'issue' and attribute = 'assignee'
    group by tracker_source, item_number

)

select
    looked_at.project,
    looked_at.source,
    looked_at.tracker_source,
    looked_at.issue_number,
    closings.state_number,
    looked_at.subject_id || '/' || closings.state_number as subject_id,
    looked_at.subject_url,
    if(looked_at.are_people_shown, closings.closed_by_login, null) as person,
    closings.closed_by_change_request_number,
    looked_at.is_test,
    (closings.reopened_at is null or closings.reopened_at >= quarters.ends_at)
        as is_lasting,
    closings.closing_evidence as grade,
    closings.close_seconds,
    date_sub(
        'second',
        least(
            assigned.assigned_at,
            looked_at.started_label_at,
            requests.work_started_at_earliest
        ),
        closings.closed_at
    ) as work_seconds,
    closings.state_reason,
    closings.closed_at as happened_at,
    closings.quarter,
    coalesce(looked_at.left_out_reason, 'counted') as reason
from intermediate.kpi_issues as looked_at
inner join intermediate.issue_closures as closings
    on
        looked_at.tracker_source = closings.tracker_source
        and looked_at.issue_number = closings.issue_number
left join settings.quarters as quarters on closings.quarter = quarters.quarter
left join assigned
    on
        looked_at.tracker_source = assigned.tracker_source
        and looked_at.issue_number = assigned.issue_number
left join facts.change_requests as requests
    on
        closings.tracker_source = requests.tracker_source
        and closings.closed_by_change_request_number = requests.change_request_number
