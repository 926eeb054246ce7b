-- Counted and excluded rows are all rows that a KPI considered, in every quarter of
-- every repository. No row is outside of the quarters that have figures, unless its
-- project was not active.
with

looked_at as (

    select
        kpi,
        project,
        source,
        quarter,
        count(*) as row_count,
        count(*) filter (where reason != 'outside_active_period') as active_count
    from figures.kpi_evidence
    where quarter != 'unknown'
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
    coalesce(looked_at.kpi, published.kpi) as kpi,
    coalesce(looked_at.project, published.project) as project,
    coalesce(looked_at.source, published.source) as source,
    coalesce(looked_at.quarter, published.quarter) as quarter,
    looked_at.row_count as looked_at_count,
    published.row_count as published_count
from looked_at
full outer join published
    on
        looked_at.kpi = published.kpi
        and looked_at.project = published.project
        and looked_at.source = published.source
        and looked_at.quarter = published.quarter
where
    (published.kpi is null and looked_at.active_count > 0)
    or (
        published.kpi is not null
        and published.row_count != coalesce(looked_at.row_count, 0)
    )
