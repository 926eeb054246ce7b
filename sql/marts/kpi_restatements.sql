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

rows_changed as (

    select
        kpi,
        project,
        source,
        quarter,
        cause,
        cause_number as stage,
        count(*) filter (where change = 'came') as came_count,
        count(*) filter (where change = 'went') as went_count,
        count(*) filter (where change = 'changed') as changed_count
    from facts.kpi_restated_rows
    group by kpi, project, source, quarter, cause, cause_number

),

causes as (

    select * from rows_changed

    union all

    select
        kpi,
        project,
        '*' as source,
        quarter,
        cause,
        stage,
        sum(came_count)::bigint as came_count,
        sum(went_count)::bigint as went_count,
        sum(changed_count)::bigint as changed_count
    from rows_changed
    group by kpi, project, quarter, cause, stage

    union all

    select
        kpi,
        '*' as project,
        '*' as source,
        quarter,
        cause,
        stage,
        sum(came_count)::bigint as came_count,
        sum(went_count)::bigint as went_count,
        sum(changed_count)::bigint as changed_count
    from rows_changed
    group by kpi, quarter, cause, stage

),

chained as (

    select
        causes.*,
        sealed.value as sealed_value,
        coalesce(
            figures.value, if(kpis.kind in ('count', 'sum', 'distinct'), 0, null)
        ) as is_value
    from causes
    inner join sealed.figures as sealed
        on
            causes.kpi = sealed.kpi
            and causes.project = sealed.project
            and causes.source = sealed.source
            and causes.quarter = sealed.quarter
    inner join settings.kpis as kpis on causes.kpi = kpis.kpi
    left join steps.kpi_figures as figures
        on
            causes.stage = figures.stage
            and causes.kpi = figures.kpi
            and causes.project = figures.project
            and causes.source = figures.source
            and causes.quarter = figures.period

),

steps_taken as (

    select
        *,
        lag(is_value, 1, sealed_value) over (
            partition by kpi, project, source, quarter
            order by stage
        ) as was_value
    from chained

)

select
    steps_taken.kpi,
    steps_taken.project,
    steps_taken.source,
    steps_taken.quarter,
    bounds.starts_on as quarter_starts_on,
    steps_taken.cause,
    steps_taken.stage as cause_number,
    steps_taken.was_value,
    steps_taken.is_value,
    (
        steps_taken.is_value::decimal(38, 6) - steps_taken.was_value::decimal(38, 6)
    )::double as difference,
    steps_taken.came_count,
    steps_taken.went_count,
    steps_taken.changed_count
from steps_taken
inner join settings.quarters as bounds on steps_taken.quarter = bounds.quarter
