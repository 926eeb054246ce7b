-- The sources that rows of facts and figures name: repositories with their trackers, and
-- ledgers.
--
-- A repository in exactly one project, which owns all of it, has that project: its rows
-- belong to no other. facts.project_repositories has every project of each repository.
--
-- grain: source
-- export: whole
select
    source,
    'repository' as source_kind,
    any_value(repository_name) as repository_name,
    case when count(*) = 1 and bool_and(is_whole) then any_value(project) end as project,
    count(*) as project_count
from facts.project_repositories
group by source

union all

select
    source,
    'ledger' as source_kind,
    null as repository_name,
    null as project,
    0 as project_count
from staging.ledgers
