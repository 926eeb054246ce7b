-- The commits that closed an incident's issue: the one that its closing names, or all
-- that the change request which closed it landed.
--
-- grain: project, source, incident_id, commit_hash
with

-- The commits that merged change requests landed: their own, and their merge.
landed_request_commits as (

    select
        tracker_source,
        source,
        change_request_number,
        merge_commit_hash as landed_hash
    from intermediate.change_request_merges
    where merge_commit_hash is not null

    union

    select
        landings.tracker_source,
        landings.source,
        landings.change_request_number,
        commits.commit_hash as landed_hash
    from intermediate.change_request_merges as landings
    inner join facts.change_request_commits as commits
        on
            landings.tracker_source = commits.tracker_source
            and landings.change_request_number = commits.change_request_number
    where landings.merge_commit_hash is not null

)

select
    project,
    source,
    incident_id,
    closed_by_commit_hash as commit_hash
from intermediate.incident_issues
where closed_by_commit_hash is not null

union

select
    incidents.project,
    incidents.source,
    incidents.incident_id,
    landed.landed_hash as commit_hash
from intermediate.incident_issues as incidents
inner join landed_request_commits as landed
    on
        incidents.tracker_source = landed.tracker_source
        and incidents.closed_by_change_request_number = landed.change_request_number
