-- Planned and actual deployments in ledgers, at their newest version.
--
-- A row without a project belongs to the project with its ledger's name.
--
-- grain: source, deployment_id
select
    deployments.source,
    coalesce(deployments.project, ledgers.name) as project,
    deployments.deployment_id,
    deployments.site,
    deployments.planned_on,
    deployments.deployed_on,
    deployments.attempt,
    deployments.status,
    deployments.reported_quarter,
    deployments.link,
    deployments.note
from raw.ledger_deployments_current as deployments
inner join staging.ledgers as ledgers on deployments.source = ledgers.source
where not deployments.is_deleted
