-- How long was the longest interval without an incident, measured at the quarter's end?
--
-- Intervals between incidents, from the first known deployment or incident on; each in
-- every quarter that it reaches into, as long as it was by the quarter's end, or by the
-- last poll. Incidents of a ledger are those of all repositories of its project. Where
-- incidents fill all of a quarter that is known, the longest interval is zero, also in the
-- quarter of the first incident. The row is then the incident at the quarter's start, or
-- the first by its identifier.
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
-- version: 6
with

stretches as (

    select
        stretches.project,
        stretches.source,
        quarters.quarter,
        'stretch' as subject_type,
        strftime(stretches.free_from_at, '%Y-%m-%dT%H:%M:%SZ') as subject_id,
        null as subject_url,
        date_sub(
            'second',
            stretches.free_from_at,
            least(stretches.free_until_at, quarters.seen_until_at)
        ) as value
    from intermediate.incident_free_stretches as stretches
    inner join intermediate.source_quarters as quarters
        on
            stretches.source = quarters.source
            and stretches.free_from_at < quarters.seen_until_at
            and stretches.free_until_at > quarters.starts_at

),

filled as (

    select
        incidents.project,
        incidents.source,
        quarters.quarter,
        'incident' as subject_type,
        incidents.incident_id as subject_id,
        incidents.url as subject_url,
        0 as value
    from intermediate.incident_times as incidents
    inner join intermediate.source_quarters as quarters
        on
            incidents.source = quarters.source
            and incidents.started_at < quarters.seen_until_at
            and incidents.resolved_at > quarters.starts_at
    anti join stretches
        on
            incidents.project = stretches.project
            and incidents.source = stretches.source
            and quarters.quarter = stretches.quarter
    qualify
        row_number() over (
            partition by incidents.project, incidents.source, quarters.quarter
            order by incidents.started_at > quarters.starts_at, incidents.incident_id
        ) = 1

)

select
    *,
    'counted' as reason
from stretches

union all

select
    *,
    'counted' as reason
from filled
