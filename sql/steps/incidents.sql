-- The incidents of each project: issues that its rules call so, and reverts of what was
-- in production.
--
-- An issue's incident lasts until its last closing. A revert's begins with the
-- deployment of what it takes back, and lasts until the deployment of the revert. A
-- revert that closed an incident's issue is not a second incident.
--
-- grain: project, source, incident_id
with

closers as (

    select
        looked_at.project,
        issues.source,
        issues.closed_by_commit_hash as commit_hash
    from steps.kpi_issues as looked_at
    inner join facts.issues as issues
        on
            looked_at.tracker_source = issues.tracker_source
            and looked_at.issue_number = issues.issue_number
    where looked_at.is_incident and issues.closed_by_commit_hash is not null

    union

    select
        looked_at.project,
        issues.source,
        merged.landed_hash as commit_hash
    from steps.kpi_issues as looked_at
    inner join facts.issues as issues
        on
            looked_at.tracker_source = issues.tracker_source
            and looked_at.issue_number = issues.issue_number
    inner join steps.landed_request_commits as merged
        on
            issues.tracker_source = merged.tracker_source
            and issues.closed_by_change_request_number = merged.change_request_number
    where looked_at.is_incident

),

incidents as (

    select
        looked_at.project,
        issues.source,
        'issue' as incident_kind,
        looked_at.subject_id as incident_id,
        looked_at.subject_url as url,
        issues.author_login as person,
        null as deployment_number,
        null as commit_hash,
        issues.opened_at as noticed_at,
        issues.opened_at as started_at,
        if(issues.is_open, null, issues.closed_at) as resolved_at,
        case
            when looked_at.is_left_out then 'left_out_label'
            when issues.fate = 'transferred' then 'moved'
            when issues.fate is not null then 'deleted'
            when issues.state_reason in ('duplicate', 'not_planned')
                then issues.state_reason
            else 'counted'
        end as reason
    from steps.kpi_issues as looked_at
    inner join facts.issues as issues
        on
            looked_at.tracker_source = issues.tracker_source
            and looked_at.issue_number = issues.issue_number
    where looked_at.is_incident

    union all

    select
        reverts.project,
        reverts.source,
        'revert' as incident_kind,
        reverts.commit_hash as incident_id,
        null as url,
        reverts.person,
        reverts.deployment_number,
        reverts.commit_hash,
        reverts.landed_at as noticed_at,
        reverts.deployed_at as started_at,
        reverts.recovered_at as resolved_at,
        case
            when reverts.deployment_number is null then 'not_deployed'
            when closers.commit_hash is not null then 'duplicate'
            else 'counted'
        end as reason
    from steps.deployed_reverts as reverts
    left join closers
        on
            reverts.project = closers.project
            and reverts.source = closers.source
            and reverts.commit_hash = closers.commit_hash

)

select * from incidents
