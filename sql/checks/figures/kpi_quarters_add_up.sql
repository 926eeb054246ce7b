-- The counts and sums of a project's repositories add up to the project's, without what one
-- repeats of another, and those of its quarters to its year.
with

additive as (

    select quarterly.*
    from marts.kpi_quarterly as quarterly
    inner join settings.kpis as kpis
        on
            quarterly.kpi = kpis.kpi
            and kpis.kind in ('count', 'sum')
            and kpis.span = 'quarter'

),

repeated as (

    select
        evidence.kpi,
        evidence.project,
        evidence.quarter,
        sum(if(kpis.kind = 'count', 1, evidence.value)) as repeated_value
    from figures.kpi_evidence as evidence
    inner join settings.kpis as kpis on evidence.kpi = kpis.kpi
    where evidence.is_counted and not evidence.counts_in_project
    group by evidence.kpi, evidence.project, evidence.quarter

),

by_source as (

    select
        kpi,
        project,
        quarter,
        sum(value::decimal(38, 6)) filter (where source != '*') as of_repositories,
        sum(value::decimal(38, 6)) filter (where source = '*') as of_project
    from additive
    where project != '*' and not is_sealed
    group by kpi, project, quarter

),

by_quarter as (

    select
        kpi,
        project,
        source,
        fiscal_year,
        sum(value::decimal(38, 6)) as of_quarters
    from additive
    group by kpi, project, source, fiscal_year

)

select
    by_source.kpi,
    by_source.project,
    by_source.quarter as period,
    by_source.of_repositories - coalesce(repeated.repeated_value, 0) as of_parts,
    by_source.of_project as of_whole
from by_source
left join repeated
    on
        by_source.kpi = repeated.kpi
        and by_source.project = repeated.project
        and by_source.quarter = repeated.quarter
where of_parts is distinct from of_whole

union all

select
    by_quarter.kpi,
    by_quarter.project,
    by_quarter.fiscal_year::varchar as period,
    by_quarter.of_quarters as of_parts,
    yearly.value::decimal(38, 6) as of_whole
from by_quarter
left join marts.kpi_yearly as yearly
    on
        by_quarter.kpi = yearly.kpi
        and by_quarter.project = yearly.project
        and by_quarter.source = yearly.source
        and by_quarter.fiscal_year = yearly.fiscal_year
where by_quarter.of_quarters is distinct from yearly.value::decimal(38, 6)
