-- The commits of a large company, by rule and hash, so that every run has the same.
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
