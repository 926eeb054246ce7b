-- What each figure of a project was to reach in a quarter or year, and whether it did.
--
-- What is missed is accepted while the period ends no later than the day until which
-- that was said. A target for a quarter goes before that of its year, and one for a
-- project before that for each. What an amount can still reach or exceed is open while
-- its period is not over.
--
-- grain: kpi, project, period
with

aimed as (

    select
        figures.*,
        targets.target,
        targets.near,
        targets.accepted_until,
        if(coalesce(targets.better, kpis.better) = 'lower', -1, 1) as direction
    from figures.kpi_periods as figures
    inner join settings.kpis as kpis on figures.kpi = kpis.kpi
    inner join figures.kpi_targets as targets
        on
            figures.kpi = targets.kpi
            and figures.fiscal_year = targets.fiscal_year
            and (
                figures.project = targets.project
                or (targets.project is null and figures.project != '*')
            )
            and (figures.quarter = targets.quarter or targets.quarter is null)
    where figures.source = '*'
    qualify
        row_number() over (
            partition by figures.kpi, figures.project, figures.period
            order by targets.quarter nulls last, targets.project nulls last
        ) = 1

)

select
    kpi,
    project,
    period,
    target,
    near,
    direction < 0 as is_lower_better,
    accepted_until,
    ends_before,
    is_growing,
    case
        when value is null then 'no_data'
        when is_growing and if(direction < 0, value <= target, value < target) then 'open'
        when value * direction >= target * direction then 'met'
        when value * direction >= near * direction then 'near'
        when ends_before <= accepted_until + 1 then 'accepted'
        else 'missed'
    end as target_status
from aimed
