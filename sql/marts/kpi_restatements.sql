-- What later became of the figures of sealed quarters: was, is, and why.
--
-- One row per cause, in a fixed order, each with the figure before and after its rows
-- changed, so that the differences add up to the newest figure less the sealed one.
-- Differences are over figures of six decimals and so exact. The rows themselves are in
-- kpi_restated_rows.
--
-- grain: kpi, project, source, quarter, cause
-- export: by quarter
with

restated as (

    select
        *,
        concat_ws(
            ' ',
            case
                when was_reason = 'counted'
                    then coalesce(was_counts_in, 'repository, project, all')
            end,
            case
                when is_reason = 'counted'
                    then coalesce(is_counts_in, 'repository, project, all')
            end
        ) as scopes
    from figures.kpi_restated_rows

),

-- The rows in each scope in which they counted then or count now.
scoped as (

    select * from restated
    where contains(scopes, 'repository')

    union all

    select * replace ('*' as source) from restated
    where contains(scopes, 'project')

    union all

    select * replace ('*' as project, '*' as source) from restated
    where contains(scopes, 'all')

),

causes as (

    select
        kpi,
        project,
        source,
        quarter,
        cause,
        cause_number as stage,
        count(*) filter (where row_change = 'came') as came_count,
        count(*) filter (where row_change = 'went') as went_count,
        count(*) filter (where row_change = 'changed') as changed_count
    from scoped
    group by kpi, project, source, quarter, cause, cause_number

),

chained as (

    select
        causes.*,
        coalesce(figures.value, kpis.value_without_rows) as is_value,
        lag(is_value, 1, sealed.value) over (
            partition by causes.kpi, causes.project, causes.source, causes.quarter
            order by causes.stage
        ) as was_value
    from causes
    inner join sealed.figures as sealed
        on
            causes.kpi = sealed.kpi
            and causes.project = sealed.project
            and causes.source = sealed.source
            and causes.quarter = sealed.quarter
    inner join settings.kpis as kpis on causes.kpi = kpis.kpi
    left join figures.kpi_figures as figures
        on
            causes.stage = figures.stage
            and causes.kpi = figures.kpi
            and causes.project = figures.project
            and causes.source = figures.source
            and causes.quarter = figures.period

)

select
    chained.kpi,
    chained.project,
    chained.source,
    chained.quarter,
    bounds.starts_on as quarter_starts_on,
    chained.source = '*' as is_total,
    chained.cause,
    chained.stage as cause_number,
    chained.was_value,
    chained.is_value,
    (chained.is_value::decimal(38, 6) - chained.was_value::decimal(38, 6))::double
        as difference,
    chained.came_count,
    chained.went_count,
    chained.changed_count
from chained
inner join settings.quarters as bounds on chained.quarter = bounds.quarter
