-- The repositories of each project; a repository may belong to several.
--
-- A repository is known by its commits, by its tracker, or by both. A project that
-- names paths, branches or labels owns only that part of its repositories.
--
-- grain: project, source
-- export: whole
with

named as (

    select
        source,
        1 as rank,
        repository_name
    from staging.repositories

    union all

    select
        source,
        2 as rank,
        split_part(tracker_path, '/', -1) as repository_name
    from staging.trackers

),

repositories as (

    select
        source,
        min_by(repository_name, (rank, repository_name)) as repository_name
    from named
    group by source

),

parts as (

    select distinct project
    from settings.project_rules
    where rule in ('paths', 'branches', 'labels')

),

project_repositories as (

    select
        project_sources.project,
        repositories.source,
        repositories.repository_name,
        parts.project is null as is_whole
    from settings.project_sources as project_sources
    inner join repositories on project_sources.source = repositories.source
    left join parts on project_sources.project = parts.project

)

select * from project_repositories
