-- The counts and sums of a project's repositories add up to the project's, and those of
-- its quarters to its year.
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
    kpi,
    project,
    quarter as period,
    of_repositories as of_parts,
    of_project as of_whole
from by_source
where of_repositories is distinct from of_project

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
