-- The commits that KPIs look at, in the part of a repository that is the project's.
--
-- grain: project, source, commit_hash
-- made: as a view
select * exclude (is_own) from intermediate.considered_commits
where is_own
