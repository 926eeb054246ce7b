-- How long did a change take from committed to running in production?
--
-- DORA, change lead time: over the commits of the quarter's deployments, from the
-- author's instant to the deployment. A deployment's commits are what it reaches and
-- none before it did, by ancestry, not by time, on whichever branch. A change that was
-- cherry-picked to a release branch is delivered by the first deployment of either, and
-- counts once. A squashed change request starts with its own first commit, if that is
-- known; a commit that names one is a squash only where the tracker says so, or Git where
-- there is none. What was there before the first known deployment is unknown,
-- and so is what is not deployed yet. A commit that several repositories have counts where
-- it was deployed first.
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
-- version: 5
with

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
    from intermediate.deployed_changes as changes
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
    counts_in,
    seconds as value
from timed
