-- The rows behind the figures: stage 0 is what is published; the others lead from a
-- sealed quarter's rows to those known now, one cause of change after the other.
--
-- grain: stage, kpi, project, source, quarter, subject_type, subject_id
-- made: as a view
with

staged as (

    select
        0 as stage,
        kpi,
        project,
        source,
        quarter,
        subject_type,
        subject_id,
        reason,
        numerator,
        denominator,
        value,
        counts_in_repository,
        counts_in_project,
        counts_in_all
    from figures.kpi_evidence

    union all

    select * from figures.kpi_restatement_stages

)

select
    staged.*,
    staged.reason = 'counted' as is_counted,
    coalesce(reasons.is_gap, false) as is_gap,
    kpis.kind,
    quarters.fiscal_year::varchar as year
from staged
inner join settings.kpis as kpis on staged.kpi = kpis.kpi
inner join settings.quarters as quarters on staged.quarter = quarters.quarter
left join settings.reasons as reasons on staged.reason = reasons.reason
