-- The merges that `git pull` made: of the default branch as the host had it into a local
-- copy of the same branch.
--
-- Their second parent is the branch before, their first parent is new work. A merge of
-- another repository's branch of the same name is none: its address has another owner,
-- or another name where the owner is not known.
--
-- grain: source, commit_hash
with

matched as (

    select
        source,
        commit_hash,
        regexp_extract(
            subject,
            '^Merge (?:remote-tracking branch ''(?:origin|upstream)/([^'']+)'''
            || '|branch ''([^'']+)'' of (\S+))(?: into ''?([^'']+)''?)?$',
            ['remote_branch', 'local_branch', 'address', 'target_branch']
        ) as named
    from staging.commits
    where parent_count = 2 and starts_with(subject, 'Merge ')

),

merged as (

    select
        matched.source,
        matched.commit_hash,
        named.remote_branch || named.local_branch as branch,
        named.target_branch,
        named.address,
        regexp_extract(
            lower(named.address), '([^/:]+)[/:]([^/:]+?)(?:\.git)?/?$', ['owner', 'name']
        ) as remote
    from matched

),

-- What the repository itself is called; the folder of a path is no owner.
own_paths as (

    select
        source,
        case
            when starts_with(source, '/') then ''
            else lower(split_part(source, '/', -2))
        end as owner,
        lower(regexp_replace(split_part(source, '/', -1), '\.git$', '')) as name
    from staging.repositories

    union

    select
        source,
        lower(split_part(tracker_path, '/', -2)) as owner,
        lower(split_part(tracker_path, '/', -1)) as name
    from staging.trackers

),

own as (

    select
        source,
        list(owner) filter (where owner != '') as owners,
        list(name) as names
    from own_paths
    group by source

),

of_default_branch as (

    select
        merged.*,
        min(merged.remote) over (partition by merged.source)
        = max(merged.remote) over (partition by merged.source) as is_only_remote
    from merged
    inner join staging.repositories as repositories
        on merged.source = repositories.source
    where
        merged.branch != ''
        and merged.target_branch in ('', merged.branch)
        and (
            'refs/heads/' || merged.branch = repositories.default_branch
            or (
                merged.branch in ('main', 'master')
                and repositories.default_branch
                in ('refs/heads/main', 'refs/heads/master')
            )
        )

)

select
    pulls.source,
    pulls.commit_hash
from of_default_branch as pulls
inner join own on pulls.source = own.source
where
    pulls.address = ''
    or case
        when own.owners is null
            then pulls.is_only_remote or pulls.remote.name in own.names
        else pulls.remote.owner in own.owners
    end
