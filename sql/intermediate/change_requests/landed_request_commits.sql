-- The commits that merged change requests landed: their own, and their merge.
--
-- grain: tracker_source, change_request_number, landed_hash
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
