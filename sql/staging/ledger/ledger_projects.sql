-- The projects that any row of a ledger names, with the ledger's description of them.
--
-- grain: source, project
with

described as (

    select * from raw.ledger_projects_current
    where not is_deleted

),

named (source, project) as (

    select
        source,
        project
    from described
    union
    select
        source,
        project
    from staging.ledger_tasks
    union
    select
        source,
        project
    from staging.ledger_deployments
    union
    select
        source,
        project
    from staging.ledger_incidents
    union
    select
        source,
        project
    from staging.ledger_activities
    union
    select
        source,
        project
    from staging.ledger_measurements

)

select
    named.source,
    named.project,
    described.name,
    described.name_ko,
    described.active_from,
    described.active_until,
    described.team_size,
    described.client,
    described.link,
    described.note
from named
left join described
    on
        named.source = described.source
        and named.project = described.project
