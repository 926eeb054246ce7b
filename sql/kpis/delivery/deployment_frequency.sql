-- How many times was something deployed to production in the quarter?
--
-- DORA, deployment frequency, as the number in the period. What a deployment is, the
-- project's rules say. Those that did not succeed are excluded, and so are pre-releases
-- and those dated after the last poll, until a poll reaches them. A lightweight tag has
-- the instant of the first poll that saw it, graded first_observation, or of its commit
-- if it was there at the first poll of all, graded commit_time. A version that several
-- repositories have with its tag counts once in a project and once in all of them.
--
-- Bias: Deploying to many places at once counts each, unless a rule groups them.
--
-- title: Deployment frequency
-- title_ko: 배포 빈도
-- position: 420
-- unit: deployments
-- kind: count
-- better: higher
-- needs: deployments
-- version: 6
select
    project,
    source,
    quarter,
    'deployment' as subject_type,
    deployment_id as subject_id,
    url as subject_url,
    person,
    deployed_at as happened_at,
    deployed_at_evidence as grade,
    'counted' as reason,
    counts_in,
    reported_quarter
from intermediate.kpi_deployments

union all by name

select
    considered.project,
    considered.source,
    quarters.quarter,
    'deployment' as subject_type,
    considered.deployment_id as subject_id,
    considered.url as subject_url,
    considered.person,
    considered.deployed_at as happened_at,
    considered.deployed_at_evidence as grade,
    considered.reason,
    null as counts_in,
    null as reported_quarter
from intermediate.considered_deployments as considered
left join settings.quarters as quarters
    on
        considered.deployed_at >= quarters.starts_at
        and considered.deployed_at < quarters.ends_at
where considered.reason != 'counted'
