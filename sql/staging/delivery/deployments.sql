-- Every deployment as it was last found, with its fate if it is there no more.
--
-- grain: tracker_source, deployment_id
select
    trackers.source,
    trackers.tracker_source,
    deployments.deployment_id,
    deployments.environment,
    deployments.is_production,
    deployments.ref,
    deployments.commit_hash,
    deployments.creator_login,
    deployments.status,
    deployments.status_at,
    deployments.succeeded_at,
    deployments.created_at,
    deployments.updated_at,
    deployments.fate,
    deployments.gone_noticed_at
from raw.deployments_current as deployments
inner join staging.trackers as trackers on deployments.source = trackers.tracker_source
