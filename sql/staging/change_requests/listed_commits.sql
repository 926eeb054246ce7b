-- Every commit that a change request was ever found to have, by its tracker.
--
-- grain: tracker_source, change_request_number, commit_hash
select distinct
    source as tracker_source,
    change_request_number,
    commit_hash
from raw.change_request_commits_known
