-- The differences of a sealed figure's restatements add up to the figure as computed
-- today less the sealed one.
with

restated as (

    select
        kpi,
        project,
        source,
        quarter,
        sum(difference::decimal(38, 6)) as total_difference,
        count(*) = count(difference) as is_known
    from marts.kpi_restatements
    group by kpi, project, source, quarter

)

select
    quarterly.kpi,
    quarterly.project,
    quarterly.source,
    quarterly.quarter,
    quarterly.value,
    quarterly.value_now,
    restated.total_difference
from marts.kpi_quarterly as quarterly
inner join restated
    on
        quarterly.kpi = restated.kpi
        and quarterly.project = restated.project
        and quarterly.source = restated.source
        and quarterly.quarter = restated.quarter
where
    restated.is_known
    and restated.total_difference
    != quarterly.value_now::decimal(38, 6) - quarterly.value::decimal(38, 6)
