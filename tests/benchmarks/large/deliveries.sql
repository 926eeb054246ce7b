-- raw.* of releases and deployments, from the blocks of history.sql.
insert into raw.releases by name
select
    source || '#tracker' as source,
    'run-2' as run_id,
    observed_at,
    2 as batch,
    source || '/release/' || block as release_id,
    'v1.' || block as tag_name,
    'v1.' || block as title,
    'person9' as author_login,
    false as is_draft,
    block % 50 = 0 as is_prerelease,
    begun_at + lasts as created_at,
    begun_at + lasts as released_at
from blocks
where block % 10 = 0;

insert into raw.deployments by name
select
    source || '#tracker' as source,
    'run-2' as run_id,
    observed_at,
    2 as batch,
    concat_ws('/', source, 'deployment', block, environment) as deployment_id,
    environment,
    environment = 'production' as is_production,
    'main' as ref,
    name_of(source, block, 33) as commit_hash,
    'person9' as creator_login,
    if(hash(deployment_id) % 10 = 0, 'failed', 'success') as status,
    begun_at + lasts as status_at,
    case when status = 'success' then status_at end as succeeded_at,
    status_at as created_at,
    status_at as updated_at
from blocks, unnest(['production', 'staging']) as environments (environment)
where block % 10 = 0;
