-- Every repository that was mined, or whose tracker was, belongs to a project, so that
-- the marts include all.
with

mined as (

    select source from facts.repositories
    union
    select source from staging.trackers

)

select mined.source
from mined
anti join facts.project_repositories as project_repositories
    on mined.source = project_repositories.source
