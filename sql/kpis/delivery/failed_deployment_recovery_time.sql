-- How long did it take to recover from a deployment that failed?
--
-- DORA, failed deployment recovery time: from the deployment to the recovery from the
-- incident attributed to it, in the quarter of that recovery. Recovered is production once
-- the repair is deployed: what closed the issue, a revert, or an older commit again. Where
-- no repair is known, it is the end of the incident; the grade says "repair" or "rollback"
-- where one is. Incidents without a deployment are excluded: they are in the mean time to
-- recovery. A ledger knows only the day of a deployment, so its incidents count from their
-- own beginning. A quarter without a failed deployment has no time, not zero hours. A
-- revert that several repositories have counts once in a project and once in all of them.
--
-- Bias: A deployment blamed by time window alone may be innocent; the grade says so.
--
-- title: Failed deployment recovery time
-- title_ko: 배포 실패 복구 시간
-- position: 440
-- unit: hours
-- kind: median
-- better: lower
-- needs: work
-- version: 6
with

incidents as (

    select
        incidents.*,
        coalesce(incidents.recovered_at, incidents.noticed_at) as happened_at,
        if(
            incidents.started_at is null, incidents.reported_seconds,
            date_sub(
                'second',
                if(
                    incidents.incident_kind = 'ledger',
                    incidents.started_at,
                    incidents.deployed_at
                ),
                incidents.recovered_at
            )
        ) as seconds
    from intermediate.kpi_incidents as incidents

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
    nullif(concat_ws(', ', incidents.grade, incidents.recovery_grade), '') as grade,
    incidents.deployment_id as related_id,
    case
        when incidents.reason != 'counted' then incidents.reason
        when incidents.deployment_number is null then 'no_deployment'
        when incidents.seconds is null and incidents.recovered_at is null
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
