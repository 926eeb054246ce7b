-- What each project calls a deployment to production, counted or excluded, with the
-- reason.
--
-- Without rules on environments the tracker's word counts, such as GitLab's tier, or else
-- their name. A tag that is also released is one deployment, and so is a release whose
-- tag or commit is deployed.
--
-- grain: project, source, deployment_kind, deployment_id
with

environments as (

    select distinct project from settings.project_rules
    where rule = 'environments'

),

owned as (

    select
        repositories.project,
        repositories.source,
        meanings.pattern as deployment_kind,
        coalesce(environments.project is not null, false) as has_environments
    from facts.project_repositories as repositories
    inner join settings.project_rules as meanings
        on repositories.project = meanings.project and meanings.rule = 'deployments'
    left join environments on repositories.project = environments.project

),

named as (

    select distinct
        owned.project,
        found.*
    from owned
    inner join intermediate.deployment_candidates as found
        on
            owned.source = found.source
            and owned.deployment_kind = found.deployment_kind
    left join settings.project_rules as meanings
        on
            owned.project = meanings.project
            and (
                (meanings.rule = 'environments' and found.deployment_kind = 'deployment')
                or (meanings.rule = 'deployment_tags' and found.deployment_kind = 'tag')
            )
            and lower(found.name) glob meanings.matcher
    where
        meanings.rule is not null
        or found.deployment_kind = 'release'
        or (
            found.deployment_kind = 'deployment'
            and not owned.has_environments
            and found.is_production
        )

),

deployed (project, source, name) as (

    select distinct
        project,
        source,
        unnest([tag_name, commit_hash])
    from named
    where deployment_kind = 'deployment' and reason = 'counted'

),

considered as (

    select
        named.* replace (
            if(
                named.reason = 'counted'
                and named.deployment_kind != 'deployment'
                and (
                    tags.name is not null
                    or commits.name is not null
                    or row_number() over (
                        partition by
                            named.project, named.source, named.tag_name,
                            named.reason, named.deployment_kind = 'deployment'
                        order by
                            named.deployment_kind, named.deployed_at,
                            named.deployment_id
                    ) > 1
                ),
                'duplicate',
                named.reason
            ) as reason
        )
    from named
    left join deployed as tags
        on
            named.project = tags.project
            and named.source = tags.source
            and named.tag_name = tags.name
    left join deployed as commits
        on
            named.project = commits.project
            and named.source = commits.source
            and named.commit_hash = commits.name
    union all by name
    select
        *,
        'counted' as reason
    from intermediate.ledger_deployments

)

select * from considered
