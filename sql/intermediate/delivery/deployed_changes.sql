-- The commits of the projects that deploy, each with the first deployment that brought
-- it, if any did.
--
-- grain: project, source, commit_hash
-- made: as a view
select
    commits.project,
    commits.source,
    commits.commit_hash,
    commits.subject_url,
    commits.person,
    coalesce(deployments.quarter, commits.quarter) as quarter,
    coalesce(deployments.deployed_at, commits.happened_at) as happened_at,
    deployments.deployment_id,
    deployments.deployment_number,
    deployments.deployed_at,
    commits.human_reason
from intermediate.kpi_commits as commits
semi join intermediate.project_deployments as known
    on commits.project = known.project and commits.source = known.source
left join graph.deployed_commits as reached
    on
        commits.project = reached.project
        and commits.source = reached.source
        and commits.commit_hash = reached.commit_hash
left join intermediate.kpi_deployments as deployments
    on
        reached.project = deployments.project
        and reached.source = deployments.source
        and reached.deployment_number = deployments.deployment_number
