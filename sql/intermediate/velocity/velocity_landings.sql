-- How many of the commits that count landed in each quarter of a project and repository.
--
-- grain: project, source, quarter
select
    commits.project,
    commits.source,
    quarters.quarter,
    count(*) as landed_commit_count
from intermediate.velocity_commits as commits
inner join staging.quarter_years as quarters
    on
        year(commits.landed_at) = quarters.in_year
        and commits.landed_at >= quarters.starts_at
        and commits.landed_at < quarters.ends_at
where commits.is_counted
group by commits.project, commits.source, quarters.quarter
