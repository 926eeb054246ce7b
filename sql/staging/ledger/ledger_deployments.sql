-- The deployments that ledgers plan or tell of, as they were last found.
--
-- A row that names no project belongs to one that is called like its ledger.
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
