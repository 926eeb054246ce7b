-- The commits of a large company: raw.* of Git, by rule and hash, so that every run has
-- the same.
--
-- A block is 33 commits: up to 7 on a branch, the rest on the mainline, the last of them
-- the branch's merge. Every fourth branch merges the mainline in between. The commit
-- behind number 10 was abandoned: only the head of its change request reaches it.
create temp macro chance(what, salt) as hash(what, salt) % 1000003 / 1000003.0;

-- The first of 5,000 people wrote as much as the next two, and so on.
create temp macro person_of(what, salt) as floor(5000 ** chance(what, salt))::bigint;

create temp macro name_of(source, block, position) as
sha1(concat_ws('/', source, block, position));

create temp table repositories as
select
    'github.com/large/repository-' || lpad(number::varchar, 2, '0') as source,
    greatest(3, round(
        getvariable('block_count') * (number + 1) ** -0.7
        / sum((number + 1) ** -0.7) over ()
    ))::bigint as block_count,
    timestamptz '2026-01-01 00:00:00+00' as observed_at
from range(20) as repositories (number);

create temp table blocks as
select
    source,
    block,
    block = block_count - 1 as is_last,
    observed_at,
    if(block = 0, 0, 1 + hash(source, block) % 7)::bigint as branch_length,
    timestamptz '2014-01-01 00:00:00+00'
    + to_microseconds((block / block_count * 12 * 365.2 * 86400e6)::bigint) as begun_at,
    to_microseconds((12 * 365.2 * 86400e6 / block_count)::bigint) as lasts
from repositories, range(block_count) as blocks (block);

create temp table history as
with placed as (
    select
        *,
        name_of(source, block, position) as commit_hash,
        begun_at + lasts * (position / 34) as committed_at
    from blocks, range(1, 34) as positions (position)
)
select
    *,
    case
        when block = 0 and position = 1 then ''
        when block = 0 then name_of(source, block, position - 1)
        when position = 1
            then name_of(source, block - 1 - least(block - 1, hash(commit_hash) % 3), 33)
        when position = branch_length + 1 then name_of(source, block - 1, 33)
        when position = 12 then name_of(source, block, 10)
        when position = 33
            then name_of(source, block, 32) || ' ' || name_of(source, block, branch_length)
        when position = 3 and branch_length >= 4 and block % 4 = 0
            then name_of(source, block, 2) || ' ' || name_of(source, block - 1, 33)
        else name_of(source, block, position - 1)
    end as parent_hashes,
    contains(parent_hashes, ' ') as is_merge,
    person_of(commit_hash, 'author') as person,
    committed_at - to_seconds((chance(commit_hash, 'authored') ** 4 * 864000)::bigint)
        as authored_at,
    case position
        when 33 then 'Merge pull request #' || (15 * block + 1) || ' from large/branch'
        when 14 then 'Squash what was tried (#' || (15 * block + 2) || ')'
        when 20 then 'Squash a single commit (#' || (15 * block + 3) || ')'
        else 'Change ' || (hash(commit_hash) % 100000) || ' of the usual things'
    end as subject
from placed;

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

insert into raw.commits by name
select
    source,
    'run-2' as run_id,
    observed_at,
    2 as batch,
    commit_hash,
    sha1(commit_hash) as tree_hash,
    parent_hashes,
    case when person <= 3 then 'robot-' || person || '[bot]' else 'Person ' || person end
        as author_name,
    case
        when person <= 3 then 'robot-' || person || '@bots.example'
        when hash(commit_hash) % 8 = 0 then 'p' || person || '@home.example'
        else 'person' || person || '@example.org'
    end as author_email,
    authored_at,
    60 as author_offset_minutes,
    if(position > 11, 'GitHub', author_name) as committer_name,
    if(position > 11, 'noreply@github.com', author_email) as committer_email,
    committed_at,
    0 as committer_offset_minutes,
    subject,
    'Why this is so is told at some length in commit ' || commit_hash || '.' as body,
    position > 11 as is_signed
from history;

insert into raw.commit_trailers by name
select
    source,
    'run-2' as run_id,
    observed_at,
    2 as batch,
    commit_hash,
    1 as trailer_number,
    if(hash(commit_hash) % 20 = 0, 'Co-authored-by', 'Signed-off-by') as token,
    'Person ' || (person + 1) || ' <person' || (person + 1) || '@example.org>' as value
from history
where hash(commit_hash) % 10 = 0;

insert into raw.commit_files by name
select
    source,
    'run-2' as run_id,
    observed_at,
    2 as batch,
    commit_hash,
    file_number,
    'src/module_' || (hash(commit_hash) % 50) || '/part_'
    || floor(4000 ** chance(commit_hash, file_number))::bigint || '.py' as path,
    if(hash(path, commit_hash) % 10 = 0, 'added', 'modified') as change,
    'file' as file_kind,
    hash(path, commit_hash) % 50 = 0 as is_binary,
    case when not is_binary then hash(commit_hash, file_number) % 60 end as lines_added,
    case when not is_binary then hash(file_number, commit_hash) % 30 end as lines_deleted
from history, range(1, 2 + floor(chance(commit_hash, 'files') ** 3 * 19)::bigint)
    as files (file_number)
where not is_merge;

insert into raw.reachability by name
select
    source,
    'run-2' as run_id,
    observed_at,
    2 as batch,
    scope,
    commit_hash,
    true as is_reachable
from history, unnest(['any_ref', 'default_branch']) as scopes (scope)
where scope = 'any_ref' or position != 11 or block = 0;

insert into raw.tags by name
select
    source,
    'run-2' as run_id,
    observed_at,
    2 as batch,
    sha1('tag/' || commit_hash) as tag_hash,
    'v1.' || block as tag_name,
    commit_hash as target_hash,
    'commit' as target_kind,
    'Person 9' as tagger_name,
    'person9@example.org' as tagger_email,
    committed_at as tagged_at,
    0 as tagger_offset_minutes,
    tag_name as message,
    true as is_signed
from history
where position = 33 and block % 10 = 0;

insert into raw.refs by name
select
    source,
    'run-2' as run_id,
    observed_at,
    2 as batch,
    case
        when position = 33 then 'refs/tags/v1.' || block
        when position = 11 then 'refs/pull/' || (15 * block + 5) || '/head'
        else 'refs/pull/' || (15 * block + 1) || '/head'
    end as ref_name,
    if(position = 33, 'tag', 'change_request') as ref_kind,
    if(position = 33, sha1('tag/' || commit_hash), commit_hash) as target_hash,
    commit_hash
from history
where position in (11, branch_length) or (position = 33 and block % 10 = 0);

insert into raw.refs by name
select
    source,
    'run-2' as run_id,
    observed_at,
    2 as batch,
    ref_name,
    ref_kind,
    name_of(source, block, 33) as target_hash,
    target_hash as commit_hash,
    case when ref_kind = 'head' then 'refs/heads/main' end as symbolic_target
from blocks,
    (values ('HEAD', 'head'), ('refs/heads/main', 'branch')) as refs (ref_name, ref_kind)
where is_last;
