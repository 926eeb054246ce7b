-- By what each project says which part of a repository is its own.
--
-- grain: project, source
select
    repositories.project,
    repositories.source,
    repositories.is_whole,
    coalesce(bool_or(meanings.rule = 'labels'), false) as has_labels,
    coalesce(bool_or(meanings.rule = 'branches'), false) as has_branches,
    coalesce(bool_or(meanings.rule = 'paths'), false) as has_paths
from facts.project_repositories as repositories
left join settings.project_rules as meanings on repositories.project = meanings.project
group by repositories.project, repositories.source, repositories.is_whole
