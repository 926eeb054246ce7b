-- Who wrote how many of the commits that KPIs look at, in each quarter.
--
-- grain: project, source, quarter, person
select
    project,
    source,
    quarter,
    person,
    max(happened_at) as last_commit_at,
    count(*) filter (where reason = 'counted') as commit_count,
    count(*) filter (where reason = 'counted' and author_kind = 'bot')
        as bot_commit_count,
    count(*) filter (where reason = 'counted' and is_ai_written)
        as ai_written_commit_count,
    if(count(*) filter (where reason = 'counted') > 0, 'counted', min(reason))
        as reason,
    case
        when count(*) filter (where human_reason = 'counted') > 0 then 'counted'
        else min(human_reason)
    end as human_reason
from intermediate.kpi_commits
group by project, source, quarter, person
