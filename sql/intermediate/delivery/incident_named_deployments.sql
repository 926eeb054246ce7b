-- The deployments that the text of an incident's issue names as its cause: by tag, by
-- commit, or by the change request that brought it.
--
-- The deployment may be of another repository of the project. A tag is one of the
-- incident's repository, if anything was deployed from it.
--
-- grain: project, source, incident_id, deployment_source, deployment_number
with

named as (

    select
        incidents.project,
        incidents.source,
        incidents.tracker_source,
        incidents.incident_id,
        incidents.newest_deployment_number is null as is_deployed_elsewhere,
        rtrim(issues.named_cause, '.,;)]>*_`') as cause,
        try_cast(regexp_extract(cause, '^[#!]([0-9]{1,9})$', 1) as bigint)
            as change_request_number,
        regexp_extract(cause, '^(?:\S*/)?([0-9a-f]{7,64})$', 1) as hash
    from intermediate.incident_issues as incidents
    inner join staging.issues as issues
        on
            incidents.tracker_source = issues.tracker_source
            and incidents.issue_number = issues.issue_number
    where issues.named_cause is not null

),

commits as (

    select
        named.*,
        landings.source as landed_in,
        landings.merge_commit_hash
    from named
    left join staging.change_requests as requests
        on
            (
                named.tracker_source = requests.tracker_source
                and named.change_request_number = requests.change_request_number
            )
            or named.cause = requests.url
    left join intermediate.change_request_merges as landings
        on
            requests.tracker_source = landings.tracker_source
            and requests.change_request_number = landings.change_request_number

)

select
    commits.project,
    commits.source,
    commits.incident_id,
    deployments.source as deployment_source,
    deployments.deployment_number
from commits
inner join intermediate.project_deployments as deployments
    on
        commits.project = deployments.project
        and (
            commits.cause = deployments.url
            or (
                commits.cause = deployments.tag_name
                and (
                    commits.source = deployments.source or commits.is_deployed_elsewhere
                )
            )
        )

union

select
    commits.project,
    commits.source,
    commits.incident_id,
    deployed.source as deployment_source,
    deployed.deployment_number
from commits
inner join intermediate.deployed_commits as deployed
    on
        commits.project = deployed.project
        and (
            (
                commits.landed_in = deployed.source
                and commits.merge_commit_hash = deployed.commit_hash
            )
            or (commits.hash != '' and starts_with(deployed.commit_hash, commits.hash))
        )
