-- Files.
update facts.commits set
    file_count = 9
where source = 'host/one' and commit_hash = 'p';

-- Lines added.
update facts.commits set
    lines_added = 9
where source = 'host/one' and commit_hash = 'p';

-- Lines deleted.
update facts.commits set
    lines_deleted = 9
where source = 'host/one' and commit_hash = 'p';

-- Files of a merge.
insert into facts.commit_files by name
select * replace ('m' as commit_hash)
from facts.commit_files
where source = 'host/one' and commit_hash = 'a';

-- Lines of a merge.
update facts.commits set
    lines_added = 0
where source = 'host/one' and commit_hash = 'm';

-- No number of files.
update facts.commits set
    file_count = null
where source = 'host/one' and commit_hash = 'p';

-- No lines added.
update facts.commits set
    lines_added = null
where source = 'host/one' and commit_hash = 'p';

-- No lines deleted.
update facts.commits set
    lines_deleted = null
where source = 'host/one' and commit_hash = 'p';

-- Right: a file without lines.
update facts.commit_files set
    lines_added = null,
    lines_deleted = null
where source = 'host/one' and commit_hash = 'p';
update facts.commits set
    lines_added = 0,
    lines_deleted = 0
where source = 'host/one' and commit_hash = 'p';
