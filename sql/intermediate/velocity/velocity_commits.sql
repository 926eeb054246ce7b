-- The commits of each project that owns a whole repository: what each adds to the
-- figures of velocity.
--
-- A commit is counted if it counts in the KPI commits. Work is what is no merge; a merge
-- on the first-parent chain lands a change, unless git pull made it. Lines are counted as
-- in the KPI lines_changed.
--
-- grain: project, source, commit_hash
select
    looked_at.project,
    looked_at.source,
    looked_at.commit_hash,
    looked_at.person,
    looked_at.reason = 'counted' as is_work,
    looked_at.reason = 'merge'
    and commits.mainline_number is not null
    and not commits.is_pull_merge as is_landing,
    looked_at.human_reason = 'counted'
    and (
        periods.project is null
        or (
            commits.committed_at >= periods.active_from_at
            and commits.committed_at < periods.active_until_at
        )
    ) as is_counted,
    commits.lines_added,
    commits.lines_deleted,
    coalesce(lines.counted_lines_added, 0) as counted_lines_added,
    coalesce(lines.counted_lines_deleted, 0) as counted_lines_deleted,
    commits.landed_at,
    commits.quarter,
    commits.quarter_starts_on
from intermediate.kpi_commits as looked_at
inner join facts.commits as commits
    on
        looked_at.source = commits.source
        and looked_at.commit_hash = commits.commit_hash
inner join facts.project_repositories as owned
    on
        looked_at.project = owned.project
        and looked_at.source = owned.source
        and owned.is_whole
left join intermediate.project_commit_lines as lines
    on
        looked_at.project = lines.project
        and looked_at.source = lines.source
        and looked_at.commit_hash = lines.commit_hash
left join intermediate.project_periods as periods on looked_at.project = periods.project
where looked_at.reason in ('counted', 'merge') and commits.quarter is not null
