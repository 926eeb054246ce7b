-- The deployments that brought a repair: a hotfix, a revert of what was deployed, what
-- closed an incident's issue, or an older commit.
--
-- grain: project, source, deployment_number
with

repairs as (

    select
        project,
        source,
        merge_commit_hash as commit_hash,
        'hotfix' as grade
    from intermediate.hotfixes

    union all

    select
        project,
        source,
        commit_hash,
        'revert' as grade
    from intermediate.deployed_reverts
    where deployment_number is not null

    union all

    select
        incidents.project,
        incidents.source,
        coalesce(landings.merge_commit_hash, incidents.closed_by_commit_hash)
            as commit_hash,
        'incident' as grade
    from intermediate.incident_issues as incidents
    left join intermediate.change_request_merges as landings
        on
            incidents.tracker_source = landings.tracker_source
            and incidents.closed_by_change_request_number
            = landings.change_request_number

),

repaired as (

    select
        deployed.project,
        deployed.source,
        deployed.deployment_number,
        repairs.grade
    from repairs
    inner join intermediate.deployed_commits as deployed
        on
            repairs.project = deployed.project
            and repairs.source = deployed.source
            and repairs.commit_hash = deployed.commit_hash

    union all

    select
        project,
        source,
        deployment_number,
        'rollback' as grade
    from graph.rollbacks

)

select
    project,
    source,
    deployment_number,
    min(grade) as rework_grade
from repaired
group by project, source, deployment_number
