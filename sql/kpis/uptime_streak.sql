-- How long was the longest stretch without an incident, seen at the quarter's end?
--
-- Stretches between incidents, from the first known deployment or incident on; each in
-- every quarter that it reaches into, as long as it was by the quarter's end, or by the
-- last look.
--
-- Bias: Incidents that nobody wrote down make it longer.
--
-- title: Longest uptime streak
-- title_ko: 최장 무중단 기간
-- position: 470
-- unit: days
-- kind: longest
-- span: quarter_end
-- better: higher
-- needs: work
-- version: 1
with

by_quarter as (

    select
        stretches.*,
        quarters.quarter,
        least(
            stretches.free_until_at, bounds.ends_at, looks.last_observed_at
        ) as seen_until_at
    from steps.incident_free_stretches as stretches
    inner join steps.source_quarters as quarters on stretches.source = quarters.source
    inner join settings.quarters as bounds
        on
            quarters.quarter = bounds.quarter
            and stretches.free_from_at < bounds.ends_at
            and stretches.free_until_at >= bounds.starts_at
    inner join steps.source_looks as looks on stretches.source = looks.source

)

select
    project,
    source,
    quarter,
    'stretch' as subject_type,
    strftime(free_from_at, '%Y-%m-%dT%H:%M:%SZ') as subject_id,
    if(seen_until_at > free_from_at, 'counted', 'no_time_between') as reason,
    date_diff('second', free_from_at, seen_until_at) as value
from by_quarter
