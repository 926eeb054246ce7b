-- Every deployment at its newest version, with its fate if it was deleted.
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
    coalesce(renames.logins[deployments.creator_login], deployments.creator_login) as creator_login,
    deployments.status,
    deployments.status_at,
    deployments.succeeded_at,
    deployments.created_at,
    deployments.updated_at,
    deployments.fate,
    deployments.gone_noticed_at
from raw.deployments_current as deployments
inner join staging.trackers as trackers on deployments.source = trackers.tracker_source
left join staging.renames as renames on deployments.source = renames.tracker_source
