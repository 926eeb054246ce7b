-- The commits of each change request that its tracker lists: how many, and the first that
-- was not imported with a history from elsewhere.
--
-- grain: tracker_source, change_request_number
-- made: as a view
select
    own.tracker_source,
    own.change_request_number,
    count(*) as own_commit_count,
    min(own.authored_at) filter (where not coalesce(commits.is_imported, false))
        as first_authored_at
from facts.change_request_commits as own
left join facts.commits as commits
    on own.source = commits.source and own.commit_hash = commits.commit_hash
group by own.tracker_source, own.change_request_number
