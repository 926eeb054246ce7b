-- The reverts of what was in production, each an incident that begins with the
-- deployment of what it takes back, and lasts until the deployment of the revert.
--
-- A revert that closed an incident's issue is not a second incident.
--
-- grain: project, source, incident_id
with

repairs as (

    select distinct
        project,
        source,
        commit_hash
    from intermediate.incident_repairs

)

select
    reverts.project,
    reverts.source,
    'revert' as incident_kind,
    reverts.commit_hash as incident_id,
    pages.commit_page || reverts.commit_hash as url,
    reverts.person,
    reverts.deployment_number,
    reverts.commit_hash,
    reverts.landed_at as noticed_at,
    reverts.deployed_at as started_at,
    reverts.recovered_at as resolved_at,
    case
        when reverts.deployment_number is null then 'not_deployed'
        when repairs.commit_hash is not null then 'duplicate'
        else 'counted'
    end as reason
from intermediate.deployed_reverts as reverts
left join intermediate.commit_pages as pages on reverts.source = pages.source
left join repairs
    on
        reverts.project = repairs.project
        and reverts.source = repairs.source
        and reverts.commit_hash = repairs.commit_hash
