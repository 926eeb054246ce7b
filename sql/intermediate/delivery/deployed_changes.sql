-- The commits of the projects that deploy, each with the first deployment that brought it,
-- if any did, and where another repository counts the same commit.
--
-- A commit that several repositories have counts where it was deployed first; where one
-- of them only has it since before its first known deployment, that is not known there.
--
-- grain: project, source, commit_hash
with

changes as (

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
    from intermediate.considered_commits as commits
    semi join intermediate.project_deployments as known
        on commits.project = known.project and commits.source = known.source
    left join intermediate.deployed_commits as reached
        on
            commits.project = reached.project
            and commits.source = reached.source
            and commits.commit_hash = reached.commit_hash
    left join intermediate.kpi_deployments as deployments
        on
            reached.project = deployments.project
            and reached.source = deployments.source
            and reached.deployment_number = deployments.deployment_number

),

-- In which order the repositories that have a commit are asked for its deployment.
shared as (

    select
        changes.project,
        changes.source,
        changes.commit_hash,
        row(
            changes.human_reason != 'counted',
            coalesce(changes.deployment_number = 1, true),
            coalesce(changes.deployed_at, 'infinity'::timestamptz),
            changes.source
        ) as precedence
    from changes
    semi join intermediate.shared_commits as several
        on changes.commit_hash = several.commit_hash

),

copies as (

    select
        project,
        source,
        commit_hash,
        settings.counts_in(commit_hash, project, source, precedence) as counts_in
    from shared

)

select
    changes.*,
    copies.counts_in
from changes
left join copies
    on
        changes.project = copies.project
        and changes.source = copies.source
        and changes.commit_hash = copies.commit_hash
