-- The days that the rows of ledgers name, and the first day of each quarter or year that
-- they report or set a target for.
--
-- grain: source, project, named_on, is_reported
with

zones as (

    select any_value(time_zone) as time_zone from settings.quarters

),

-- The days of rows of each kind, and the quarter under which the team reported a row.
dated as (

    select
        source,
        project,
        [planned_on, started_on, completed_on] as days,
        reported_quarter
    from facts.ledger_tasks

    union all

    select
        source,
        project,
        [planned_on, deployed_on] as days,
        reported_quarter
    from facts.ledger_deployments

    union all

    select
        incidents.source,
        incidents.project,
        [
            timezone(zones.time_zone, incidents.started_at)::date,
            timezone(zones.time_zone, incidents.recovered_at)::date
        ] as days,
        incidents.reported_quarter
    from facts.ledger_incidents as incidents
    cross join zones

    union all

    select
        source,
        project,
        [happened_on, happened_until] as days,
        reported_quarter
    from facts.ledger_activities

    union all

    select
        source,
        project,
        [measured_on] as days,
        null as reported_quarter
    from facts.ledger_measurements

),

reported as (

    select
        dated.source,
        dated.project,
        quarters.starts_on as named_on,
        true as is_reported
    from dated
    inner join settings.quarters as quarters on dated.reported_quarter = quarters.quarter

),

aimed as (

    select
        targets.source,
        coalesce(targets.project, '*') as project,
        min(quarters.starts_on) as named_on,
        false as is_reported
    from facts.ledger_targets as targets
    inner join settings.quarters as quarters
        on
            targets.fiscal_year = quarters.fiscal_year
            and coalesce(targets.quarter, quarters.quarter) = quarters.quarter
    group by targets.source, targets.target_id, coalesce(targets.project, '*')

),

named as (

    select
        source,
        project,
        unnest(days) as named_on,
        false as is_reported
    from dated

    union all

    select * from reported

    union all

    select * from aimed

)

select distinct * from named
where named_on is not null
