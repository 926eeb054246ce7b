-- How many of the quarter's deployments were unplanned and made because of an incident?
--
-- DORA, deployment rework rate: deployments that brought a revert of something
-- deployed, a hotfix by the project's rules, what closed an incident's issue, or an older
-- commit than the one before, by deployments; of a ledger, a second or later attempt. The
-- grade says which. A version that several repositories have with its tag counts once in
-- a project and once in all of them.
--
-- Bias: A fix that waits for the next planned release still makes that release count.
--
-- title: Deployment rework rate
-- title_ko: 배포 재작업률
-- position: 450
-- unit: ratio
-- kind: ratio
-- better: lower
-- needs: deployments
-- version: 5
select
    project,
    source,
    quarter,
    'deployment' as subject_type,
    deployment_id as subject_id,
    url as subject_url,
    person,
    deployed_at as happened_at,
    rework_grade as grade,
    'counted' as reason,
    counts_in,
    reported_quarter,
    (rework_grade is not null)::bigint as numerator,
    1 as denominator
from intermediate.kpi_deployments
