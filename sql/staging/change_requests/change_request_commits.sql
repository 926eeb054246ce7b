-- The commits that each change request has now, as its tracker lists them.
--
-- grain: tracker_source, change_request_number, commit_hash
select
    trackers.source,
    trackers.tracker_source,
    commits.change_request_number,
    commits.commit_hash,
    commits.position,
    commits.author_name,
    commits.author_email,
    commits.authored_at,
    commits.committed_at
from raw.change_request_commits_current as commits
inner join staging.trackers as trackers on commits.source = trackers.tracker_source
where not commits.is_deleted
