-- Who wrote how many of the commits that KPIs look at, in each quarter: in the repository
-- and, where it repeats commits of others, in the project and in all projects without them.
--
-- grain: project, source, quarter, subject_type, person
with

repeats as (

    select
        project,
        source,
        quarter,
        person,
        bool_or(counts_in = 'repository') as is_less_in_project,
        bool_or(counts_in = 'repository_and_project') as is_less_in_all
    from intermediate.kpi_commits
    where counts_in is not null
    group by project, source, quarter, person

),

commits as (

    select
        *,
        'person' as subject_type
    from intermediate.kpi_commits

    union all

    select
        commits.*,
        'person_in_project' as subject_type
    from intermediate.kpi_commits as commits
    semi join repeats
        on
            repeats.is_less_in_project
            and commits.project = repeats.project
            and commits.source = repeats.source
            and commits.quarter = repeats.quarter
            and commits.person = repeats.person
    where coalesce(commits.counts_in != 'repository', true)

    union all

    select
        commits.*,
        'person_in_all' as subject_type
    from intermediate.kpi_commits as commits
    semi join repeats
        on
            repeats.is_less_in_all
            and commits.project = repeats.project
            and commits.source = repeats.source
            and commits.quarter = repeats.quarter
            and commits.person = repeats.person
    where commits.counts_in is null

)

select
    commits.project,
    commits.source,
    commits.quarter,
    commits.subject_type,
    commits.person,
    case commits.subject_type
        when 'person_in_all' then 'all'
        when 'person_in_project'
            then if(any_value(repeats.is_less_in_all), 'project', 'project_and_all')
        else
            case
                when any_value(repeats.is_less_in_project) then 'repository'
                when any_value(repeats.is_less_in_all) then 'repository_and_project'
            end
    end as counts_in,
    max(commits.happened_at) as last_commit_at,
    count(*) filter (where commits.reason = 'counted') as commit_count,
    count(*) filter (where commits.reason = 'counted' and commits.author_kind = 'bot')
        as bot_commit_count,
    count(*) filter (where commits.reason = 'counted' and commits.is_ai_written)
        as ai_written_commit_count,
    if(
        count(*) filter (where commits.reason = 'counted') > 0,
        'counted',
        min(commits.reason)
    ) as reason,
    case
        when count(*) filter (where commits.human_reason = 'counted') > 0 then 'counted'
        else min(commits.human_reason)
    end as human_reason
from commits
left join repeats
    on
        commits.project = repeats.project
        and commits.source = repeats.source
        and commits.quarter = repeats.quarter
        and commits.person = repeats.person
group by
    commits.project, commits.source, commits.quarter, commits.subject_type, commits.person
