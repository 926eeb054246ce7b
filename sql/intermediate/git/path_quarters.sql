-- How many paths the commits of each repository's default branch changed in each
-- quarter; a path counts once.
--
-- grain: source, quarter
with

paths as (

    select
        commits.source,
        commits.quarter,
        files.path,
        bool_or(commits.author_kind = 'person') as is_changed_by_human
    from facts.commits as commits
    inner join facts.commit_files as files
        on commits.source = files.source and commits.commit_hash = files.commit_hash
    where commits.is_on_default_branch and commits.quarter is not null
    group by commits.source, commits.quarter, files.path

)

select
    source,
    quarter,
    count(*) as changed_path_count,
    count(*) filter (where is_changed_by_human) as human_changed_path_count
from paths
group by source, quarter
