-- What each project calls a deployment to production, with the group of its environment.
--
-- Without rules on environments the tracker's word counts, such as the tier that it states, or
-- else their name. A pre-release is none, unless the rules have `prerelease`.
--
-- grain: project, source, deployment_kind, deployment_id
with

meanings as (

    select
        project,
        bool_or(rule = 'environments') as has_environments,
        bool_or(rule = 'deployments' and pattern = 'prerelease') as has_prereleases
    from settings.project_rules
    group by project

),

owned as (

    select
        repositories.project,
        repositories.source,
        kinds.pattern as deployment_kind,
        meanings.has_environments,
        meanings.has_prereleases
    from facts.project_repositories as repositories
    inner join settings.project_rules as kinds
        on repositories.project = kinds.project and kinds.rule = 'deployments'
    inner join meanings on repositories.project = meanings.project

),

candidates as (

    select
        found.*,
        prereleases.tag_name is not null as is_prerelease
    from intermediate.deployment_candidates as found
    left join intermediate.prereleases as prereleases
        on
            found.source = prereleases.source
            and found.tag_name = prereleases.tag_name
            and found.deployment_kind != 'deployment'

),

matched as (

    select
        owned.project,
        owned.has_environments,
        owned.has_prereleases,
        found.*,
        bool_or(rules.rule in ('environments', 'deployment_tags')) as is_named,
        min(rules.pattern) filter (where rules.rule = 'environment_groups')
            as environment_group
    from owned
    inner join candidates as found
        on
            owned.source = found.source
            and owned.deployment_kind = found.deployment_kind
    left join settings.project_rules as rules
        on
            owned.project = rules.project
            and (
                (
                    rules.rule in ('environments', 'environment_groups')
                    and found.deployment_kind = 'deployment'
                )
                or (rules.rule = 'deployment_tags' and found.deployment_kind = 'tag')
            )
            and lower(found.name) glob rules.matcher
    group by all

)

select
    * exclude (has_environments, has_prereleases, is_prerelease, is_named) replace (
        if(
            reason = 'counted' and is_prerelease and not has_prereleases,
            'prerelease',
            reason
        ) as reason
    )
from matched
where
    coalesce(is_named, false)
    or deployment_kind = 'release'
    or (
        deployment_kind = 'deployment'
        and not has_environments
        and is_production
    )
