-- The commits that KPIs consider: those in the part of a repository that is the
-- project's, and those of other branches that the project has deployed.
--
-- A deployed commit is a duplicate if the project has the same change on its own branch.
--
-- grain: project, source, commit_hash
with

left_out as (

    select
        project,
        pattern as author_kind
    from settings.project_rules
    where rule = 'left_out_authors'

),

helped as (select * from intermediate.ai_helped_commits),

considered as (

    select
        *,
        true as is_own
    from intermediate.project_commits

    union all

    select
        deployed.project,
        deployed.source,
        deployed.commit_hash,
        false as is_own
    from intermediate.deployed_commits as deployed
    inner join intermediate.project_parts as parts
        on deployed.project = parts.project and deployed.source = parts.source
    left join intermediate.project_touched_commits as touched
        on
            deployed.project = touched.project
            and deployed.source = touched.source
            and deployed.commit_hash = touched.commit_hash
    anti join intermediate.project_commits as own
        on
            deployed.project = own.project
            and deployed.source = own.source
            and deployed.commit_hash = own.commit_hash
    where not parts.has_paths or touched.commit_hash is not null

),

duplicates as (

    select distinct
        own.project,
        own.source,
        twins.twin_hash as commit_hash
    from intermediate.twin_commits as twins
    inner join intermediate.project_commits as own
        on twins.source = own.source and twins.commit_hash = own.commit_hash

)

select
    owned.project,
    owned.is_own,
    commits.source,
    commits.commit_hash,
    pages.commit_page || commits.commit_hash as subject_url,
    commits.author_person_id as person,
    commits.author_kind,
    commits.author_kind = 'ai_agent' or helped.commit_hash is not null as is_ai_written,
    commits.committed_at as happened_at,
    commits.quarter,
    case
        when not owned.is_own and duplicates.commit_hash is not null then 'duplicate'
        when
            owned.is_own
            and reached.commit_hash is null
            and not commits.is_on_default_branch
            then 'left_branch'
        when commits.is_imported then 'imported_history'
        when commits.is_merge then 'merge'
        when commits.time_reason != 'ok' then 'unusable_time'
        else 'counted'
    end as reason,
    if(reason = 'counted', coalesce(left_out.author_kind, 'counted'), reason) as human_reason
from considered as owned
inner join facts.commits as commits
    on owned.source = commits.source and owned.commit_hash = commits.commit_hash
left join graph.branch_commits as reached
    on
        owned.project = reached.project
        and owned.source = reached.source
        and owned.commit_hash = reached.commit_hash
left join intermediate.commit_pages as pages on commits.source = pages.source
left join left_out
    on
        owned.project = left_out.project
        and commits.author_kind = left_out.author_kind
left join helped
    on
        commits.source = helped.source
        and commits.commit_hash = helped.commit_hash
left join duplicates
    on
        owned.project = duplicates.project
        and owned.source = duplicates.source
        and owned.commit_hash = duplicates.commit_hash
