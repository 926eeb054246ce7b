-- The counted and the excluded rows are all that a KPI considered, in every quarter of
-- every repository. No row is outside the quarters that have figures, unless its
-- project was not active, no poll has reached the quarter or its history was imported.
with

evidence as (

    select
        kpi,
        project,
        source,
        quarter,
        count(*) as row_count,
        count(*) filter (
            where
            reason not in ('outside_active_period', 'after_last_poll', 'imported_history')
        ) as active_count
    from figures.kpi_evidence
    where
        counts_in_repository
        and quarter in (select quarters.quarter from settings.quarters as quarters)
    group by kpi, project, source, quarter

),

published as (

    select
        kpi,
        project,
        source,
        quarter,
        n + left_out_count as row_count
    from marts.kpi_quarterly
    where source != '*'

)

select
    coalesce(evidence.kpi, published.kpi) as kpi,
    coalesce(evidence.project, published.project) as project,
    coalesce(evidence.source, published.source) as source,
    coalesce(evidence.quarter, published.quarter) as quarter,
    evidence.row_count as evidence_count,
    published.row_count as published_count
from evidence
full outer join published
    on
        evidence.kpi = published.kpi
        and evidence.project = published.project
        and evidence.source = published.source
        and evidence.quarter = published.quarter
where
    (published.kpi is null and evidence.active_count > 0)
    or published.row_count != coalesce(evidence.row_count, 0)
