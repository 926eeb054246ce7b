-- The history and the observations of the runs agree on what the default branch
-- reaches.
--
-- A rejected commit hides its ancestors from the history, so sources with such commits
-- are compared in one direction only.
with

sources_with_holes as (

    select distinct source from raw.rejects
    where record = 'commits'

)

select
    commits.source,
    commits.commit_hash,
    commits.is_on_default_branch,
    commits.landed_by_hash
from facts.commits as commits
left join sources_with_holes as holes on commits.source = holes.source
where
    (commits.landed_by_hash is not null) != commits.is_on_default_branch
    and (holes.source is null or not commits.is_on_default_branch)
