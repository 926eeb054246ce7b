-- The branches of which a project has named that they are its part of a repository.
--
-- grain: project, source, branch_number
with

meanings as (

    select * from settings.project_rules
    where rule = 'branches'

),

branches as (

    select distinct
        owned.project,
        refs.source,
        refs.ref_name,
        refs.target_commit_hash as commit_hash
    from facts.project_repositories as owned
    inner join facts.refs as refs
        on owned.source = refs.source and refs.ref_kind = 'branch' and refs.is_current
    inner join meanings
        on
            owned.project = meanings.project
            and regexp_replace(refs.ref_name, '^refs/heads/', '') glob meanings.matcher

)

select
    project,
    source,
    ref_name,
    row_number() over (
        partition by project, source
        order by ref_name
    ) as branch_number,
    commit_hash
from branches
