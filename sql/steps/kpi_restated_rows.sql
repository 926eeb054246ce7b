-- The rows of the sealed quarters that were restated, in stages: in stage n the changes
-- of the first n causes have been made.
--
-- grain: stage, kpi, project, source, quarter, subject_type, subject_id
with

sealed_rows as (select * exclude (quarter_starts_on) from sealed.evidence),

changes as (select * from facts.kpi_restated_rows),

stages as (

    select distinct
        kpi,
        quarter,
        cause_number as stage
    from changes

),

kept as (

    select
        stages.stage,
        sealed.*
    from stages
    inner join sealed_rows as sealed
        on stages.kpi = sealed.kpi and stages.quarter = sealed.quarter
    left join changes
        on
            sealed.kpi = changes.kpi
            and sealed.project = changes.project
            and sealed.source = changes.source
            and sealed.quarter = changes.quarter
            and sealed.subject_type = changes.subject_type
            and sealed.subject_id = changes.subject_id
    where coalesce(changes.cause_number > stages.stage, true)

),

made as (

    select
        stages.stage,
        changes.kpi,
        changes.project,
        changes.source,
        changes.quarter,
        changes.subject_type,
        changes.subject_id,
        changes.is_reason as reason,
        changes.is_numerator as numerator,
        changes.is_denominator as denominator,
        changes.is_value as value
    from stages
    inner join changes
        on
            stages.kpi = changes.kpi
            and stages.quarter = changes.quarter
            and stages.stage >= changes.cause_number
    where changes.change != 'went'

),

staged as (

    select
        stage,
        kpi,
        project,
        source,
        quarter,
        subject_type,
        subject_id,
        reason,
        numerator,
        denominator,
        value
    from kept
    union all
    select * from made

)

select
    *,
    row_number() over (
        partition by stage, kpi, source, quarter, subject_type, subject_id
        order by reason != 'counted', project
    ) = 1 as counts_in_all
from staged
