-- The projects that the settings name.
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

projects as (

    select
        projects.project,
        projects.title as project_title,
        coalesce(project_sources.source_count, 0) as source_count
    from settings.projects as projects
    left join project_sources on projects.project = project_sources.project

)

select * from projects
