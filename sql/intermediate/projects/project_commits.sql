-- The commits that belong to each project: those of its branches, which is the default
-- branch where it names none, that touch its paths, where it names any.
--
-- What the default branch once reached, and then no longer, still belongs to it.
--
-- grain: project, source, commit_hash
with

owned as (select * from intermediate.project_parts),

on_branches as (

    select
        owned.project,
        owned.source,
        owned.has_paths,
        commits.commit_hash
    from owned
    inner join facts.commits as commits on owned.source = commits.source
    where
        not owned.has_branches
        and (commits.is_on_default_branch or commits.left_default_branch_at is not null)

    union all

    select
        owned.project,
        owned.source,
        owned.has_paths,
        reached.commit_hash
    from owned
    inner join graph.branch_commits as reached
        on owned.project = reached.project and owned.source = reached.source

)

select
    on_branches.project,
    on_branches.source,
    on_branches.commit_hash
from on_branches
left join intermediate.project_touched_commits as touched
    on
        on_branches.has_paths
        and on_branches.project = touched.project
        and on_branches.source = touched.source
        and on_branches.commit_hash = touched.commit_hash
where not on_branches.has_paths or touched.commit_hash is not null
