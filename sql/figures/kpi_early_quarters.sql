-- The quarters before a repository's first commit or item in which KPIs have rows all the
-- same: a release, a tag on another history, a day that a milestone was due on; from the
-- first of them on.
--
-- grain: needs, source, quarter
with

first_rows as (

    select
        kpis.needs,
        of_kpis.source,
        min(of_kpis.first_on) as first_on
    from figures.kpi_first_rows as of_kpis
    inner join settings.kpis as kpis on of_kpis.kpi = kpis.kpi
    group by kpis.needs, of_kpis.source

),

known as (

    select
        source,
        min(quarter_starts_on) as known_on
    from intermediate.source_quarters
    group by source

)

select
    first_rows.needs,
    first_rows.source,
    quarters.quarter,
    observations.last_observed_at >= quarters.ends_at as is_complete
from first_rows
inner join intermediate.source_observations as observations
    on first_rows.source = observations.source
left join known on first_rows.source = known.source
inner join settings.quarters as quarters
    on
        first_rows.first_on <= quarters.starts_on
        and observations.last_observed_at >= quarters.starts_at
        and coalesce(known.known_on > quarters.starts_on, true)
