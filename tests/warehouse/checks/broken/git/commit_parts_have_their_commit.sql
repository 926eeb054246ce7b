-- A file.
insert into raw.commit_files by name
select * replace ('behind' as commit_hash)
from raw.commit_files
where source = 'host/one' and commit_hash = 'a';

-- A trailer.
insert into raw.commit_trailers by name
select * replace ('behind' as commit_hash)
from raw.commit_trailers
where source = 'host/one';
