-- What figures are to reach, by the settings and by ledgers, in the units of the KPIs.
--
-- The settings go before a ledger. A ledger may give a ratio in percent; what it gives in
-- another unit than the KPI's cannot be compared.
--
-- grain: kpi, fiscal_year, project, quarter
with

targets as (

    select
        *,
        null as better,
        '' as ledger_key
    from settings.targets

    union all by name

    select
        ledger_targets.kpi,
        ledger_targets.fiscal_year,
        ledger_targets.target_value / if(ledger_targets.target_unit = '%', 100, 1) as target,
        ledger_targets.near_value / if(ledger_targets.target_unit = '%', 100, 1) as near,
        ledger_targets.project,
        ledger_targets.quarter,
        ledger_targets.accepted_until,
        ledger_targets.better,
        ledger_targets.source || ledger_targets.target_id as ledger_key
    from facts.ledger_targets as ledger_targets
    where ledger_targets.is_measured

)

select * from targets
qualify
    row_number() over (
        partition by kpi, fiscal_year, project, quarter
        order by ledger_key
    ) = 1
