-- raw.* of tags and refs, from history.sql.
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
