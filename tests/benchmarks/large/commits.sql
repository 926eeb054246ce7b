-- raw.* of commits, from history.sql.
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
