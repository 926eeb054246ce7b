-- The commits that KPIs look at, in the part of a repository that is the project's, and
-- where they repeat those of another repository.
--
-- grain: project, source, commit_hash
-- made: as a view
with

own as (

    select * exclude (is_own) from intermediate.considered_commits
    where is_own

)

select
    own.*,
    repeated.counts_in
from own
left join intermediate.repeated_commits as repeated
    on
        own.project = repeated.project
        and own.source = repeated.source
        and own.commit_hash = repeated.commit_hash
