-- A commit.
delete from facts.commits
where source = 'host/one' and commit_hash = 'q';

-- A merge.
delete from facts.merges
where source = 'host/one' and merge_hash = 'm';
