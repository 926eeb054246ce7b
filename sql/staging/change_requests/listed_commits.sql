-- Every commit that its tracker ever listed for a change request.
--
-- grain: tracker_source, change_request_number, commit_hash
select distinct
    source as tracker_source,
    change_request_number,
    commit_hash
from raw.change_request_commits_known
