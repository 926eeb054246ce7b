-- Which repositories belong to which project; a repository may belong to several.
--
-- grain: project, source
-- export: whole
with

project_repositories as (

    select
        project_sources.project,
        repositories.source,
        repositories.repository_name
    from settings.project_sources as project_sources
    inner join staging.repositories as repositories
        on project_sources.source = repositories.source

)

select * from project_repositories
