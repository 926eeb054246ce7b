-- What each project calls a deployment to production, in the order of time.
--
-- Without rules on environments the tracker's word counts, or else their name. A tag
-- that is also released is one deployment.
--
-- grain: project, source, deployment_number
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

    select
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

each_once as (

    (
        select * from named
        qualify
            row_number() over (
                partition by project, source, coalesce(tag_name, deployment_id)
                order by deployment_kind, deployed_at, deployment_id
            ) = 1
    )
    union all by name
    select * from intermediate.ledger_deployments

)

select
    *,
    row_number() over (
        partition by project, source
        order by deployed_at, deployment_id
    ) as deployment_number
from each_once
