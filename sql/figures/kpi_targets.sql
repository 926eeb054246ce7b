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
        '' as told_by
    from settings.targets

    union all by name

    select
        told.kpi,
        told.fiscal_year,
        told.target_value / if(told.target_unit = '%', 100, 1) as target,
        told.near_value / if(told.target_unit = '%', 100, 1) as near,
        told.project,
        told.quarter,
        told.accepted_until,
        told.better,
        told.source || told.target_id as told_by
    from facts.ledger_targets as told
    where told.is_measured

)

select * from targets
qualify
    row_number() over (
        partition by kpi, fiscal_year, project, quarter
        order by told_by
    ) = 1
