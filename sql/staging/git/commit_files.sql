-- Every file changed by every commit that is not a merge.
--
-- grain: source, commit_hash, file_number
select
    source,
    commit_hash,
    file_number,
    path,
    old_path,
    change as file_change,
    file_kind,
    is_binary,
    lines_added,
    lines_deleted
from raw.commit_files_known
