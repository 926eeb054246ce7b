-- What each project calls a deployment to production, counted or excluded, with the
-- reason.
--
-- A tag that is also released is one deployment, and so is a release whose tag or commit
-- is deployed. One commit that is deployed to the environments of a group is one
-- deployment, the first, as often as it came to the same of them.
--
-- grain: project, source, deployment_kind, deployment_id
with

numbered as (

    select
        *,
        row_number() over (
            partition by project, source, deployment_kind, name, commit_hash, reason
            order by deployed_at, deployment_id
        ) as time_number
    from intermediate.matched_deployments

),

-- What is one deployment if there are several of it; null where each is one.
keyed as (

    select
        * exclude (time_number),
        case
            when deployment_kind != 'deployment' then [tag_name]
            when environment_group is not null and commit_hash is not null
                then [environment_group, commit_hash, time_number::varchar]
        end as key
    from numbered

),

deployed (project, source, name) as (

    select distinct
        project,
        source,
        unnest([tag_name, commit_hash])
    from keyed
    where deployment_kind = 'deployment' and reason = 'counted'

),

considered as (

    select
        keyed.* replace (
            if(
                keyed.reason = 'counted'
                and (
                    tags.name is not null
                    or commits.name is not null
                    or (
                        keyed.key is not null
                        and row_number() over (
                            partition by
                                keyed.project, keyed.source, keyed.key, keyed.reason
                            order by
                                keyed.deployment_kind, keyed.deployed_at, keyed.deployment_id
                        ) > 1
                    )
                ),
                'duplicate',
                keyed.reason
            ) as reason
        )
    from keyed
    left join deployed as tags
        on
            keyed.deployment_kind != 'deployment'
            and keyed.project = tags.project
            and keyed.source = tags.source
            and keyed.tag_name = tags.name
    left join deployed as commits
        on
            keyed.deployment_kind != 'deployment'
            and keyed.project = commits.project
            and keyed.source = commits.source
            and keyed.commit_hash = commits.name
    union all by name
    select
        *,
        'counted' as reason
    from intermediate.ledger_deployments

)

select * exclude (key) from considered
