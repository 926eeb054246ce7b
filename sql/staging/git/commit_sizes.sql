-- Changed files and lines of each commit; a commit without changed files has no row.
--
-- grain: source, commit_hash
select
    source,
    commit_hash,
    count(*) as file_count,
    coalesce(sum(lines_added), 0)::bigint as lines_added,
    coalesce(sum(lines_deleted), 0)::bigint as lines_deleted
from staging.commit_files
group by source, commit_hash
