-- How long did a change take from committed to running in production?
--
-- DORA, change lead time: over the commits of the quarter's deployments, from the
-- author's instant to the deployment. A deployment's commits are what it reaches and
-- none before it did, by ancestry, not by time, on whichever branch. A change that was
-- cherry-picked to a release branch is delivered by the first deployment of either, and
-- counts once. A squashed change request starts with its own first commit, if that is
-- known; a commit that names one is a squash only where the tracker says so, or Git where
-- there is none. What was there before the first known deployment is unknown,
-- and so is what is not deployed yet.
--
-- Bias: A project that tags only releases measures releases. Rebased work keeps its
-- author's instant.
--
-- title: Change lead time
-- title_ko: 변경 리드 타임
-- position: 410
-- unit: hours
-- kind: median
-- better: lower
-- needs: work
-- version: 4
with

-- The commits of the projects that deploy, each with the first deployment that brought
-- it, if any did.
deployed_changes as (

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

timed as (

    select
        changes.*,
        squashed.commit_hash is not null and squashed.work_started_at is null
            as has_lost_its_start,
        date_sub(
            'second',
            coalesce(squashed.work_started_at, found.authored_at),
            changes.deployed_at
        ) as seconds
    from deployed_changes as changes
    inner join facts.commits as found
        on changes.source = found.source and changes.commit_hash = found.commit_hash
    left join intermediate.squashed_commits as squashed
        on
            changes.source = squashed.source
            and changes.commit_hash = squashed.commit_hash

)

select
    project,
    source,
    quarter,
    'commit' as subject_type,
    commit_hash as subject_id,
    subject_url,
    person,
    happened_at,
    deployment_id as related_id,
    case
        when human_reason != 'counted' then human_reason
        when deployment_number is null then 'no_deployment'
        when deployment_number = 1 then 'before_first_deployment'
        when has_lost_its_start then 'unknown_start'
        when seconds is null then 'unusable_time'
        when seconds < 0 then 'started_after_end'
        else 'counted'
    end as reason,
    seconds as value
from timed
