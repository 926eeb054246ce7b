-- The incidents of each project: issues that match its rules, reverts of deployed
-- commits, deployments that took an environment back to an older commit, and incidents of
-- its ledgers.
--
-- An issue's incident lasts until its last closing.
--
-- grain: project, source, incident_id
with

repairs as (

    select distinct
        project,
        source,
        commit_hash
    from intermediate.incident_repairs

),

-- Each is an incident from the deployment that was rolled back to the rollback.
rollbacks as (

    select
        rolled_back.project,
        rolled_back.source,
        'rollback' as incident_kind,
        own.deployment_id as incident_id,
        own.url,
        own.person,
        rolled_back.rolled_back_number as deployment_number,
        null as commit_hash,
        own.began_at as noticed_at,
        failed.deployed_at as started_at,
        own.deployed_at as resolved_at,
        'counted' as reason
    from graph.rollbacks as rolled_back
    inner join intermediate.project_deployments as own
        on
            rolled_back.project = own.project
            and rolled_back.source = own.source
            and rolled_back.deployment_number = own.deployment_number
    inner join intermediate.project_deployments as failed
        on
            rolled_back.project = failed.project
            and rolled_back.source = failed.source
            and rolled_back.rolled_back_number = failed.deployment_number

)

select
    project,
    source,
    'issue' as incident_kind,
    incident_id,
    url,
    if(are_people_shown, author_login, null) as person,
    null as deployment_number,
    null as commit_hash,
    opened_at as noticed_at,
    opened_at as started_at,
    if(is_open, null, closed_at) as resolved_at,
    case
        when is_left_out then 'left_out_label'
        when fate = 'transferred' then 'moved'
        when fate is not null then 'deleted'
        when state_reason in ('duplicate', 'not_planned') then state_reason
        else 'counted'
    end as reason
from intermediate.incident_issues

union all

-- A revert: from the deployment of the reverted commit to the deployment of the revert.
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

union all

select * from rollbacks

union all by name

select
    project,
    source,
    'ledger' as incident_kind,
    incident_id,
    link as url,
    deployment_number,
    began_at as noticed_at,
    began_at as started_at,
    ended_at as resolved_at,
    'counted' as reason,
    reported_quarter,
    reported_seconds
from intermediate.ledger_incidents
