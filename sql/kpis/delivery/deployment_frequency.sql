-- How many times was something deployed to production in the quarter?
--
-- DORA, deployment frequency, as the number in the period. What a deployment is, the
-- project's rules say.
--
-- Bias: Deploying to many places at once counts each.
--
-- title: Deployment frequency
-- title_ko: 배포 빈도
-- position: 420
-- unit: deployments
-- kind: count
-- better: higher
-- needs: deployments
-- version: 2
select
    project,
    source,
    quarter,
    'deployment' as subject_type,
    deployment_id as subject_id,
    url as subject_url,
    person,
    deployed_at as happened_at,
    'counted' as reason,
    reported_quarter
from intermediate.kpi_deployments
