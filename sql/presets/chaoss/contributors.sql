-- CHAOSS's contributor absence factor, over our commits: every contributor, and whether
-- those before, who wrote more, have not yet made half of them.
--
-- grain: project, source, person
with

commits as (

    select
        project,
        unnest(if(counts_in_project, [source, '*'], [source])) as source,
        quarter,
        person
    from figures.kpi_evidence
    where kpi = 'commits' and reason in ('counted', 'bot', 'ai_agent')

),

contributors as (

    select
        project,
        source,
        quarter,
        person,
        count(*) as commit_count
    from commits
    group by project, source, quarter, person

),

ranked as (

    select
        *,
        sum(commit_count) over in_order - commit_count as commits_before,
        sum(commit_count) over (partition by project, source, quarter) as total
    from contributors
    window
        in_order as (
            partition by project, source, quarter
            order by commit_count desc, person asc
            rows between unbounded preceding and current row
        )

)

select
    'contributor_absence_factor' as metric,
    project,
    source,
    quarter,
    (commits_before * 2 < total)::bigint as value
from ranked
