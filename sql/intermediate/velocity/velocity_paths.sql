-- How many paths the commits of each project, repository and quarter changed: those that
-- count, and all. A path counts once; one of a generated or vendored file does not count.
--
-- grain: project, source, quarter
with

paths as (

    select
        commits.project,
        commits.source,
        commits.quarter,
        files.path,
        bool_or(commits.is_counted and generated.path is null) as is_counted
    from intermediate.velocity_commits as commits
    inner join facts.commit_files as files
        on commits.source = files.source and commits.commit_hash = files.commit_hash
    left join intermediate.project_generated_paths as generated
        on
            commits.project = generated.project
            and files.source = generated.source
            and files.path = generated.path
    group by commits.project, commits.source, commits.quarter, files.path

)

select
    project,
    source,
    quarter,
    count(*) filter (where is_counted) as changed_path_count,
    count(*) as all_changed_path_count
from paths
group by project, source, quarter
