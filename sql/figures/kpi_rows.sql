-- The rows of all KPIs, as known now.
--
-- A row without a usable time is in the quarter unknown. A row in a quarter that no poll
-- of its source has reached does not count until one does; an imported history may be older
-- than those. A row from a time when its
-- project was not active does not count. A row of a quarter's end counts if the project
-- was active at some time in the quarter. A row that a ledger reports in a chosen quarter
-- counts there, even if the project was not active.
--
-- grain: kpi, project, source, quarter, subject_type, subject_id
-- made: as a view
select
    evidence.* replace (
        case
            when
                coalesce(
                    evidence.happened_at, quarters.ends_at - interval 1 microsecond
                ) < periods.active_from_at
                or coalesce(evidence.happened_at, quarters.starts_at)
                >= periods.active_until_at
                then 'outside_active_period'
            when evidence.reason = 'imported_history' then evidence.reason
            when quarters.quarter is not null and observed.kpi is null
                then 'after_last_poll'
            else evidence.reason
        end as reason,
        coalesce(evidence.quarter, 'unknown') as quarter
    ),
    case when evidence.reported_quarter is not null then evidence.reason end as reported_reason,
    quarters.starts_on as quarter_starts_on
from kpis.evidence as evidence
left join intermediate.project_periods as periods on evidence.project = periods.project
left join settings.quarters as quarters on evidence.quarter = quarters.quarter
left join figures.kpi_observed_quarters as observed
    on
        evidence.kpi = observed.kpi
        and evidence.project = observed.project
        and evidence.source = observed.source
        and evidence.quarter = observed.quarter
