-- Every deployment that an incident may be laid to, and what speaks for it.
--
-- The grades, from the best: explicit (the issue names the deployment, or what it
-- brought), revert (what ended the incident takes back a commit of it), hotfix (what
-- ended it was a hotfix: then the newest deployment before it began), label (a label
-- names it), window (it was the newest within the project's window).
--
-- grain: project, source, incident_id, grade, deployment_number
with

incidents as (select * from steps.incidents),

deployments as (select * from steps.project_deployments),

issues as (

    select
        looked_at.project,
        looked_at.subject_id as incident_id,
        issues.*
    from steps.kpi_issues as looked_at
    inner join staging.issues as issues
        on
            looked_at.tracker_source = issues.tracker_source
            and looked_at.issue_number = issues.issue_number
    where looked_at.is_incident

),

newest_before as (

    select
        incidents.project,
        incidents.source,
        incidents.incident_id,
        incidents.started_at,
        deployments.deployment_number,
        deployments.deployed_at
    from incidents
    asof inner join deployments
        on
            incidents.project = deployments.project
            and incidents.source = deployments.source
            and incidents.started_at >= deployments.deployed_at
    where incidents.incident_kind = 'issue'

),

blames as (

    select
        project,
        source,
        incident_id,
        'explicit' as grade,
        deployment_number
    from steps.incident_named_deployments

    union

    select
        project,
        source,
        incident_id,
        'revert' as grade,
        deployment_number
    from incidents
    where deployment_number is not null

    union

    select
        project,
        source,
        incident_id,
        grade,
        deployment_number
    from steps.incident_repaired_deployments

    union

    select
        issues.project,
        issues.source,
        issues.incident_id,
        'label' as grade,
        deployments.deployment_number
    from issues
    inner join deployments
        on
            issues.project = deployments.project
            and issues.source = deployments.source
            and deployments.tag_name is not null
            and list_contains(
                from_json(issues.labels, '["varchar"]'), deployments.tag_name
            )

    union

    select
        newest_before.project,
        newest_before.source,
        newest_before.incident_id,
        'window' as grade,
        newest_before.deployment_number
    from newest_before
    inner join settings.projects as projects
        on newest_before.project = projects.project
    where
        date_diff('second', newest_before.deployed_at, newest_before.started_at)
        <= projects.incident_window_hours * 3600

)

select * from blames
