-- The deployments to production of ledgers, where the rules of the project match them.
-- A failed deployment never reached production; one that was rolled back did.
--
-- grain: project, source, deployment_id
select
    deployments.project,
    deployments.source,
    'ledger' as deployment_kind,
    deployments.deployment_id,
    deployments.site as name,
    deployments.link as url,
    true as is_production,
    timezone(quarters.time_zone, deployments.deployed_on::timestamp) as began_at,
    began_at as deployed_at,
    deployments.reported_quarter,
    case
        when deployments.deployment_status = 'rolled_back' then 'rolled_back'
    end as fail_grade,
    if(deployments.attempt > 1, 'retry', null) as rework_grade
from facts.ledger_deployments as deployments
inner join settings.quarters as quarters
    on
        deployments.deployed_on >= quarters.starts_on
        and deployments.deployed_on < quarters.ends_before
inner join staging.batches as looks on deployments.source = looks.source
semi join settings.project_rules as meanings
    on
        deployments.project = meanings.project
        and meanings.rule = 'deployments'
        and meanings.pattern = 'ledger'
where
    deployments.deployment_status in ('succeeded', 'rolled_back')
    and deployed_at <= looks.last_observed_at
