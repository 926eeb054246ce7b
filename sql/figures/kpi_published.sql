-- The figure of every KPI in every quarter in which it has one, if only a zero.
--
-- Of a sealed quarter it is the one of the seal. Where nothing happened, counts and sums
-- are zero; all else is unknown.
--
-- grain: kpi, project, source, quarter
with

first_deployments as (

    select
        project,
        source,
        min(deployed_at) as first_at
    from intermediate.project_deployments
    group by project, source

),

needed as (

    select observed.*
    from figures.kpi_observed_quarters as observed
    left join first_deployments as deployments
        on observed.project = deployments.project and observed.source = deployments.source
    left join figures.kpi_first_rows as first_rows
        on
            observed.kpi = first_rows.kpi
            and observed.project = first_rows.project
            and observed.source = first_rows.source
    where
        (observed.needs != 'deployments' or observed.ends_at > deployments.first_at)
        and (observed.needs != 'evidence' or observed.starts_on >= first_rows.first_on)

),

-- The quarters in which each KPI has a figure, if only a zero: once what it needs is
-- mined, while the project is active.
kpi_quarters as (

    select
        kpi,
        if(grouping(project) = 1, '*', project) as project,
        if(grouping(source) = 1, '*', source) as source,
        quarter,
        bool_and(is_complete) as is_complete
    from needed
    group by grouping sets (
        (kpi, project, source, quarter), (kpi, project, quarter), (kpi, quarter)
    )

),

figures_now as (

    select
        spine.kpi,
        spine.project,
        spine.source,
        spine.quarter,
        coalesce(figures.value, kpis.value_without_rows) as value,
        coalesce(figures.row_count, 0) as row_count,
        coalesce(figures.counted_count, 0) as counted_count,
        coalesce(figures.gap_count, 0) as gap_count,
        figures.numerator,
        figures.denominator,
        figures.min_value,
        figures.max_value,
        figures.median_value,
        figures.p75_value,
        figures.p90_value,
        spine.is_complete
    from kpi_quarters as spine
    inner join settings.kpis as kpis on spine.kpi = kpis.kpi
    left join figures.kpi_figures as figures
        on
            figures.stage = 0
            and spine.kpi = figures.kpi
            and spine.project = figures.project
            and spine.source = figures.source
            and spine.quarter = figures.period
    anti join sealed.scopes as scopes
        on
            spine.kpi = scopes.kpi
            and spine.project = scopes.project
            and spine.quarter = scopes.quarter

)

select
    *,
    false as is_sealed
from figures_now

union all by name

select
    *,
    true as is_sealed
from sealed.figures
