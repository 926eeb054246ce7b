-- The commits that several repositories have, such as a fork or a mirror and its original.
--
-- grain: commit_hash
select commit_hash
from facts.commits
group by commit_hash
having min(source) != max(source)
