-- How long had the issues that were first answered in the quarter waited?
--
-- From opening to the first comment by somebody else who is no bot and no AI agent
-- (CHAOSS, Issue Response Time), in the quarter of that comment: so a late answer never
-- changes a quarter that is over. An issue that nobody had answered when the quarter of
-- its opening ended is excluded there. Of issues only: change requests have a pickup time.
--
-- Bias: Issues that are never answered are in no median; coverage says how many waited
-- on.
--
-- title: First response time
-- title_ko: 첫 응답 시간
-- position: 250
-- unit: hours
-- kind: median
-- better: lower
-- needs: tracker
-- version: 2
with

issues as (

    select
        looked_at.project,
        looked_at.left_out_reason,
        looked_at.are_people_shown,
        looked_at.subject_id,
        issues.*
    from intermediate.kpi_issues as looked_at
    inner join facts.issues as issues
        on
            looked_at.tracker_source = issues.tracker_source
            and looked_at.issue_number = issues.issue_number

)

select
    issues.project,
    issues.source,
    quarters.quarter,
    'issue' as subject_type,
    issues.subject_id,
    issues.url as subject_url,
    if(issues.are_people_shown, issues.first_response_login, null) as person,
    issues.first_response_at as happened_at,
    coalesce(issues.left_out_reason, 'counted') as reason,
    issues.response_seconds as value
from issues
inner join settings.quarters as quarters
    on
        issues.first_response_at >= quarters.starts_at
        and issues.first_response_at < quarters.ends_at

union all

select
    issues.project,
    issues.source,
    issues.quarter,
    'issue' as subject_type,
    issues.subject_id,
    issues.url as subject_url,
    null as person,
    issues.opened_at as happened_at,
    coalesce(issues.left_out_reason, 'no_response_yet') as reason,
    null as value
from issues
inner join settings.quarters as quarters on issues.quarter = quarters.quarter
where coalesce(issues.first_response_at >= quarters.ends_at, true)
