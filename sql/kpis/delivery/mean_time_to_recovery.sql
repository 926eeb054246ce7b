-- How long did incidents last that ended in the quarter?
--
-- From the incident's beginning to its end, whatever caused it, in the quarter of its
-- end. Where a ledger knows one of the two and the hours that are reported, these lead to
-- the other; where it knows neither, they count in the quarter that is reported. Without
-- an incident that ended there is no time, not zero hours. A revert that
-- several repositories have counts once in a project and once in all of them.
--
-- Bias: A mean: one long incident hides many short ones; compare it with min, median and
-- max.
--
-- title: Mean time to recovery
-- title_ko: 평균 복구 시간 (MTTR)
-- position: 460
-- unit: hours
-- kind: mean
-- better: lower
-- needs: work
-- version: 6
with

incidents as (

    select
        *,
        coalesce(resolved_at, noticed_at) as happened_at,
        if(
            started_at is null, reported_seconds,
            date_sub('second', started_at, resolved_at)
        ) as seconds
    from intermediate.kpi_incidents

)

select
    incidents.project,
    incidents.source,
    if(
        incidents.happened_at is null, incidents.reported_quarter, quarters.quarter
    ) as quarter,
    'incident' as subject_type,
    incidents.incident_id as subject_id,
    incidents.url as subject_url,
    incidents.person,
    incidents.happened_at,
    incidents.grade,
    incidents.deployment_id as related_id,
    case
        when incidents.reason != 'counted' then incidents.reason
        when incidents.seconds is null and incidents.resolved_at is null
            then 'still_open'
        when incidents.seconds is null then 'unknown_start'
        when incidents.seconds < 0 then 'started_after_end'
        else 'counted'
    end as reason,
    incidents.counts_in,
    incidents.seconds as value,
    incidents.reported_quarter,
    incidents.reported_seconds as reported_value
from incidents
left join settings.quarters as quarters
    on
        incidents.happened_at >= quarters.starts_at
        and incidents.happened_at < quarters.ends_at
