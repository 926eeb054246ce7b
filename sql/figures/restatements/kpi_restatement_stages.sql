-- The rows of the sealed quarters that were restated, in stages: in stage n the changes
-- of the first n causes have been made.
--
-- A row of a repository that projects share counts once in the figures of all; a
-- ledger's row belongs to one project only.
--
-- grain: stage, kpi, project, source, quarter, subject_type, subject_id
with

stages as (

    select distinct
        kpi,
        quarter,
        cause_number as stage
    from figures.kpi_restated_rows

),

staged as (

    select
        stages.stage,
        sealed.kpi,
        sealed.project,
        sealed.source,
        sealed.quarter,
        sealed.subject_type,
        sealed.subject_id,
        sealed.reason,
        sealed.numerator,
        sealed.denominator,
        sealed.value,
        sealed.counts_in
    from stages
    inner join sealed.evidence as sealed
        on stages.kpi = sealed.kpi and stages.quarter = sealed.quarter
    left join figures.kpi_restated_rows as changes
        on
            sealed.kpi = changes.kpi
            and sealed.project = changes.project
            and sealed.source = changes.source
            and sealed.quarter = changes.quarter
            and sealed.subject_type = changes.subject_type
            and sealed.subject_id = changes.subject_id
    where coalesce(changes.cause_number > stages.stage, true)

    union all

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
        changes.is_value as value,
        changes.is_counts_in as counts_in
    from stages
    inner join figures.kpi_restated_rows as changes
        on
            stages.kpi = changes.kpi
            and stages.quarter = changes.quarter
            and stages.stage >= changes.cause_number
    where changes.row_change != 'went'

)

select
    * exclude (counts_in),
    coalesce(starts_with(counts_in, 'repository'), true) as counts_in_repository,
    coalesce(contains(counts_in, 'project'), true) as counts_in_project,
    ends_with(source, '#ledger')
    or coalesce(ends_with(counts_in, 'all'), true)
    and row_number() over (
        partition by stage, kpi, source, quarter, subject_type, subject_id
        order by
            not coalesce(ends_with(counts_in, 'all'), true), reason != 'counted', project
    ) = 1 as counts_in_all
from staged
