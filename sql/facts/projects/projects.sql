-- The projects that the settings or a ledger name, with their descriptions.
--
-- grain: project
-- export: whole
with

project_sources as (

    select
        project,
        count(*) as source_count
    from settings.project_sources
    group by project

),

described as (

    select
        project,
        arg_min(team_size, source) as team_size,
        arg_min(client, source) as client,
        arg_min(link, source) as link
    from staging.ledger_projects
    group by project

)

select
    projects.project,
    projects.title as project_title,
    projects.title_ko as project_title_ko,
    coalesce(project_sources.source_count, 0) as source_count,
    described.project is not null as is_in_ledger,
    projects.active_from,
    projects.active_until,
    described.team_size,
    described.client,
    described.link
from settings.projects as projects
left join project_sources on projects.project = project_sources.project
left join described on projects.project = described.project
