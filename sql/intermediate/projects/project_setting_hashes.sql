-- A hash of what settings and ledgers say of each project: its sources, rules and active
-- period.
--
-- grain: project
with

rules as (

    select
        project,
        list([rule, pattern] order by rule, pattern) as rules
    from settings.project_rules
    group by project

),

sources as (

    select
        project,
        list(source order by source) as sources
    from settings.project_sources
    group by project

)

select
    projects.project,
    md5(
        {
            'active_from': projects.active_from,
            'active_until': projects.active_until,
            'incident_window_hours': projects.incident_window_hours,
            'rules': rules.rules,
            'sources': sources.sources
        }::varchar
    ) as settings_hash
from settings.projects as projects
left join rules on projects.project = rules.project
left join sources on projects.project = sources.project
