-- Of the issues that were worked on in the quarter, how many were resolved at its end?
--
-- Worked on are the issues that were open in the quarter and that were opened, closed
-- or reopened in it, or on which a person did or wrote something. Resolved is closed at
-- the quarter's end, but neither as a duplicate nor as not planned: those are left out.
--
-- Bias: A comment is enough to count as worked on, so that a tidy tracker looks worse
-- than a silent one.
--
-- title: Issues resolved of those worked on
-- title_ko: 이슈 해결률
-- position: 210
-- unit: ratio
-- kind: ratio
-- better: higher
-- needs: tracker
-- version: 1
with

worked as (

    select
        looked_at.project,
        looked_at.source,
        worked.quarter,
        looked_at.subject_id,
        looked_at.subject_url,
        issues.author_login as person,
        worked.last_changed_at,
        worked.last_state = 'closed' as is_resolved,
        case
            when looked_at.is_left_out then 'left_out_label'
            when worked.left_by = 'moved_out' then 'moved'
            when worked.left_by = 'deleted' then 'deleted'
            when closings.state_reason in ('duplicate', 'not_planned')
                then closings.state_reason
            when not worked.was_worked_on then 'not_worked_on'
            else 'counted'
        end as reason
    from steps.kpi_worked_issues as worked
    inner join steps.kpi_issues as looked_at
        on
            worked.tracker_source = looked_at.tracker_source
            and worked.issue_number = looked_at.issue_number
    inner join facts.issues as issues
        on
            worked.tracker_source = issues.tracker_source
            and worked.issue_number = issues.issue_number
    left join steps.kpi_closings as closings
        on
            looked_at.project = closings.project
            and worked.tracker_source = closings.tracker_source
            and worked.issue_number = closings.issue_number
            and worked.last_state_number = closings.state_number

)

select
    project,
    source,
    quarter,
    'issue' as subject_type,
    subject_id,
    subject_url,
    person,
    if(is_resolved, last_changed_at, null) as happened_at,
    reason,
    is_resolved::bigint as numerator,
    1 as denominator
from worked
