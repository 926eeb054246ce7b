-- The rows of all KPIs, as known now.
--
-- A row without a usable time is in the quarter unknown. A row from a time when its
-- project was not active does not count. A row of a quarter's end counts if the project
-- was active at some time in the quarter. A row that a ledger reports in a chosen quarter
-- counts there, even if the project was not active.
--
-- grain: kpi, project, source, quarter, subject_type, subject_id
-- made: as a view
select
    evidence.* replace (
        case
            when periods.project is null then evidence.reason
            when
                coalesce(
                    evidence.happened_at, quarters.ends_at - interval 1 microsecond
                ) >= periods.active_from_at
                and coalesce(evidence.happened_at, quarters.starts_at)
                < periods.active_until_at
                then evidence.reason
            else 'outside_active_period'
        end as reason,
        coalesce(evidence.quarter, 'unknown') as quarter
    ),
    case when evidence.reported_quarter is not null then evidence.reason end as reported_reason,
    quarters.starts_on as quarter_starts_on
from kpis.evidence as evidence
left join intermediate.project_periods as periods on evidence.project = periods.project
left join settings.quarters as quarters on evidence.quarter = quarters.quarter
