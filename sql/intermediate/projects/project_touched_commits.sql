-- The commits that touch the paths of a project which owns a part of its repositories.
--
-- grain: project, source, commit_hash
select distinct
    project,
    source,
    commit_hash
from intermediate.project_touched_files
