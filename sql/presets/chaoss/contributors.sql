-- CHAOSS's contributor absence factor, over our commits: every contributor, and whether
-- those before, who wrote more, have not yet made half of them.
--
-- grain: project, source, person
with

contributors as (

    select
        project,
        coalesce(source, '*') as source,
        quarter,
        person,
        count(*) as commit_count
    from figures.kpi_evidence
    where kpi = 'commits' and reason in ('counted', 'bot', 'ai_agent')
    group by grouping sets (
        (project, source, quarter, person), (project, quarter, person)
    )

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
