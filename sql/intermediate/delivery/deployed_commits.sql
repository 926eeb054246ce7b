-- The first deployment that brought each commit, or a twin of it on another branch.
--
-- grain: project, source, commit_hash
with

brought as (

    select
        project,
        source,
        commit_hash,
        deployment_number
    from graph.deployed_commits

    union all

    select
        deployed.project,
        deployed.source,
        twins.commit_hash,
        deployed.deployment_number
    from graph.deployed_commits as deployed
    inner join intermediate.twin_commits as twins
        on
            deployed.source = twins.source
            and deployed.commit_hash = twins.twin_hash

)

select
    project,
    source,
    commit_hash,
    min(deployment_number) as deployment_number
from brought
group by project, source, commit_hash
