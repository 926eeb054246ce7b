-- The files changed by commits that are in the paths of a project which owns a part of its
-- repositories, by their path before or after the change.
--
-- grain: project, source, commit_hash, file_number
with

meanings as (

    select
        owned.project,
        owned.source,
        meanings.matcher
    from facts.project_repositories as owned
    inner join settings.project_rules as meanings
        on owned.project = meanings.project and meanings.rule = 'paths'

)

select distinct
    meanings.project,
    files.source,
    files.commit_hash,
    files.file_number
from facts.commit_files as files
inner join meanings
    on
        files.source = meanings.source
        and (files.path glob meanings.matcher or files.old_path glob meanings.matcher)
