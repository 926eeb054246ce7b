-- The commits that closed an incident's issue: the one that its closing names, or all
-- that the change request which closed it landed.
--
-- grain: project, source, incident_id, commit_hash
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
inner join intermediate.landed_request_commits as landed
    on
        incidents.tracker_source = landed.tracker_source
        and incidents.closed_by_change_request_number = landed.change_request_number
