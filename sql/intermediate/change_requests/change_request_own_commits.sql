-- The commits of each change request that its tracker lists: how many, and the first.
--
-- grain: tracker_source, change_request_number
-- made: as a view
select
    tracker_source,
    change_request_number,
    count(*) as own_commit_count,
    min(authored_at) as first_authored_at
from facts.change_request_commits
group by tracker_source, change_request_number
