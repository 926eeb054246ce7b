-- Every repository that was mined belongs to a project, so that none is left out of the
-- marts.
select
    repositories.source,
    repositories.repository_name
from facts.repositories as repositories
anti join facts.project_repositories as project_repositories
    on repositories.source = project_repositories.source
