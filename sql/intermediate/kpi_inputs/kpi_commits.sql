-- The commits that KPIs look at, in the part of a repository that is the project's.
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

helped as (

    select distinct
        trailers.source,
        trailers.commit_hash
    from facts.commit_trailers as trailers
    inner join intermediate.person_kinds as people
        on trailers.co_author_person_id = people.person_id
    where people.person_kind = 'ai_agent'

),

kpi_commits as (

    select
        owned.project,
        commits.source,
        commits.commit_hash,
        pages.commit_page || commits.commit_hash as subject_url,
        commits.author_person_id as person,
        commits.author_kind,
        commits.author_kind = 'ai_agent' or helped.commit_hash is not null
            as is_ai_written,
        commits.lines_added + commits.lines_deleted as line_count,
        commits.committed_at as happened_at,
        commits.quarter,
        case
            when reached.commit_hash is null and not commits.is_on_default_branch
                then 'left_branch'
            when commits.is_merge then 'merge'
            when commits.time_reason != 'ok' then 'unusable_time'
            else 'counted'
        end as reason,
        coalesce(left_out.author_kind, 'counted') as author_reason
    from intermediate.project_commits as owned
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

)

select
    * exclude (author_reason),
    if(reason = 'counted', author_reason, reason) as human_reason
from kpi_commits
