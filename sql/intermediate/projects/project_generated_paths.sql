-- The paths of each project's repositories that are generated or vendored: as their
-- .gitattributes files state, or else by the rule generated.
--
-- grain: project, source, path
with

meanings as (

    select
        owned.project,
        owned.source,
        meanings.matcher
    from facts.project_repositories as owned
    inner join settings.project_rules as meanings
        on owned.project = meanings.project and meanings.rule = 'generated'

),

paths as (

    select distinct
        source,
        path
    from facts.commit_files

)

select distinct
    meanings.project,
    paths.source,
    paths.path
from paths
inner join meanings
    on paths.source = meanings.source and '/' || lower(paths.path) glob meanings.matcher
anti join intermediate.attributed_paths as attributed
    on paths.source = attributed.source and paths.path = attributed.path

union all

select
    owned.project,
    attributed.source,
    attributed.path
from intermediate.attributed_paths as attributed
inner join facts.project_repositories as owned on attributed.source = owned.source
where attributed.is_generated
