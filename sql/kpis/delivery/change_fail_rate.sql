-- How many of the quarter's deployments required immediate intervention?
--
-- DORA, change fail rate: deployments to which at least one incident is laid, by
-- deployments; never incidents by deployments. The grade says what the link rests on:
-- explicit, revert, rollback, hotfix, label or window. What a ledger says was rolled back
-- failed, and so did what an older commit replaced. The window begins when the deployment
-- begins, and spans the repositories of the project. A version that several
-- repositories have with its tag counts once in a project and once in all of them.
--
-- Bias: Only incidents that the rules find count; those that no deployment can be
-- blamed for are in the time to recovery alone.
--
-- title: Change fail rate
-- title_ko: 변경 실패율
-- position: 430
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
    coalesce(grade, fail_grade) as grade,
    incident_id as related_id,
    'counted' as reason,
    counts_in,
    reported_quarter,
    (incident_count > 0 or fail_grade is not null)::bigint as numerator,
    1 as denominator
from intermediate.kpi_deployments
