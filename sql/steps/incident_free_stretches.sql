-- The stretches between the incidents of a project, from the first known deployment or
-- incident on; the last one has no end.
--
-- grain: project, source, free_from_at
with

incidents as (

    select
        project,
        source,
        started_at,
        coalesce(resolved_at, 'infinity'::timestamptz) as resolved_at
    from steps.incidents
    where reason = 'counted' and started_at is not null

),

beginnings as (

    select
        project,
        source,
        min(deployed_at) as free_from_at
    from steps.project_deployments
    group by project, source

    union all

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
