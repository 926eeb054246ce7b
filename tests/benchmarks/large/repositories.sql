-- The runs that mined the company, its repositories, and who is who in them.
insert into raw.batches
select
    source || suffix,
    batch,
    'run-' || batch,
    observed_at - to_days(if(batch = 1, 365, 0)),
    1,
    false,
    sha1(source || suffix || batch)
from repositories, range(1, 3) as batches (batch), unnest(['', '#tracker']) as kinds (suffix);

insert into raw.repositories by name
select
    source,
    'run-2' as run_id,
    observed_at,
    2 as batch,
    split_part(source, '/', 3) as name,
    'https://' || source as location,
    'sha1' as object_format,
    'refs/heads/main' as default_branch,
    name_of(source, block, 33) as default_branch_hash,
    false as is_empty,
    sha1(source) as mailmap_hash
from blocks
where is_last;

insert into raw.mailmap_entries by name
select
    source,
    'run-2' as run_id,
    observed_at,
    2 as batch,
    sha1(source) as mailmap_hash,
    line_number,
    'Person ' || line_number as proper_name,
    'person' || line_number || '@example.org' as proper_email,
    'p' || line_number || '@home.example' as commit_email
from repositories, range(1, 101) as lines (line_number);
