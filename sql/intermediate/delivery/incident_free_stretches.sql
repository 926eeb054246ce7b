-- The intervals between the incidents of a project, from the first known deployment or
-- incident on; the last interval has no end.
--
-- grain: project, source, free_from_at
with

incidents as (select * from intermediate.incident_times),

first_deployments as (

    select
        project,
        source,
        min(deployed_at) as deployed_at
    from intermediate.project_deployments
    group by project, source

),

beginnings as (

    select
        first_deployments.project,
        first_deployments.source,
        first_deployments.deployed_at as free_from_at
    from first_deployments
    anti join incidents
        on
            first_deployments.project = incidents.project
            and first_deployments.source = incidents.source
            and first_deployments.deployed_at >= incidents.started_at

    union

    select
        project,
        source,
        max(resolved_at) over (
            partition by project, source
            order by started_at, resolved_at
        ) as free_from_at
    from incidents

)

select
    beginnings.project,
    beginnings.source,
    beginnings.free_from_at,
    coalesce(min(incidents.started_at), 'infinity'::timestamptz) as free_until_at
from beginnings
left join incidents
    on
        beginnings.project = incidents.project
        and beginnings.source = incidents.source
        and beginnings.free_from_at < incidents.resolved_at
where beginnings.free_from_at < 'infinity'::timestamptz
group by beginnings.project, beginnings.source, beginnings.free_from_at
having coalesce(min(incidents.started_at), 'infinity'::timestamptz) > beginnings.free_from_at
