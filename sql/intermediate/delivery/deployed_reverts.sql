-- The reverts that landed or were deployed in a project, with the deployment of what they
-- take back and the one that brought the revert.
--
-- What was taken back before it, or together with it, was deployed never was in
-- production. A reapply is no revert, and ends one that was not deployed before it.
--
-- grain: project, source, commit_hash
with

reverts as (select * from intermediate.reverted_commits),

-- The deployment of what brought back that which a revert took.
reapplied as (

    select
        deployed.project,
        deployed.source,
        reapplies.reverted_hash as commit_hash,
        min(deployed.deployment_number) as deployment_number
    from reverts as reapplies
    inner join intermediate.deployed_commits as deployed
        on
            reapplies.source = deployed.source
            and reapplies.commit_hash = deployed.commit_hash
    where reapplies.is_reapply
    group by deployed.project, deployed.source, reapplies.reverted_hash

),

landed as (

    select
        commits.project,
        commits.source,
        commits.commit_hash,
        commits.person,
        any_value(commits.happened_at) as landed_at,
        min(reverted.deployment_number) as reverted_number,
        least(min(own.deployment_number), min(reapplied.deployment_number)) as own_number
    from intermediate.considered_commits as commits
    inner join reverts
        on
            commits.source = reverts.source
            and commits.commit_hash = reverts.commit_hash
            and not reverts.is_reapply
    left join intermediate.deployed_commits as reverted
        on
            commits.project = reverted.project
            and commits.source = reverted.source
            and reverts.reverted_hash = reverted.commit_hash
    left join intermediate.deployed_commits as own
        on
            commits.project = own.project
            and commits.source = own.source
            and commits.commit_hash = own.commit_hash
    left join reapplied
        on
            commits.project = reapplied.project
            and commits.source = reapplied.source
            and commits.commit_hash = reapplied.commit_hash
    where commits.reason != 'duplicate'
    group by commits.project, commits.source, commits.commit_hash, commits.person

)

select
    landed.project,
    landed.source,
    landed.commit_hash,
    landed.person,
    landed.landed_at,
    reverted.deployment_number,
    reverted.deployed_at,
    own.deployed_at as recovered_at
from landed
left join intermediate.project_deployments as reverted
    on
        landed.project = reverted.project
        and landed.source = reverted.source
        and landed.reverted_number = reverted.deployment_number
        and landed.reverted_number < coalesce(landed.own_number, 9223372036854775807)
left join intermediate.project_deployments as own
    on
        landed.project = own.project
        and landed.source = own.source
        and landed.own_number = own.deployment_number
