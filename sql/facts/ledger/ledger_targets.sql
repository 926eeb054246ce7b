-- Targets in ledgers: of KPIs, and goals of the team's own.
--
-- A target of a ratio above 1 that states no unit may be a percentage: it is not compared.
--
-- grain: source, target_id
-- export: whole
select
    targets.source,
    targets.target_id,
    targets.kpi,
    coalesce(
        list_contains(kpis.accepted_units, lower(coalesce(targets.unit, kpis.unit)))
        and (targets.unit is not null or kpis.kind != 'ratio' or targets.target <= 1),
        false
    ) as is_measured,
    targets.project,
    targets.year as fiscal_year,
    targets.quarter,
    targets.title,
    targets.title_ko,
    targets.unit as target_unit,
    targets.target::double as target_value,
    targets.near::double as near_value,
    targets.better,
    targets.accepted_until,
    targets.note
from staging.ledger_targets as targets
left join settings.kpis as kpis on targets.kpi = kpis.kpi
