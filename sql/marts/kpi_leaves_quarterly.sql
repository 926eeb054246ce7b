-- The KPIs that add up, in every quarter of each repository, without totals: a sum over any
-- of these rows is right.
--
-- These are counts and sums of a quarter; the others are ratios, medians and states at a
-- quarter's end. Each row of evidence counts in one row here, as in the figures of all
-- projects together: one that several projects or copies of a repository have counts in the
-- first of them. So a project that shares rows may have less here than in kpi_quarterly.
--
-- grain: kpi, project, source, quarter
-- export: whole
with

additive as (

    select
        kpi,
        kind
    from settings.kpis
    where kind in ('count', 'sum') and span = 'quarter'

),

counted as (

    select
        evidence.kpi,
        evidence.project,
        evidence.source,
        evidence.quarter,
        if(additive.kind = 'count', 1, evidence.value) as value,
        evidence.is_sealed as is_complete,
        evidence.is_sealed
    from figures.kpi_evidence as evidence
    inner join additive on evidence.kpi = additive.kpi
    where evidence.is_counted and evidence.counts_in_all

),

-- A quarter in which nothing counts is a zero where the repository has a figure.
observed as (

    select
        quarterly.kpi,
        quarterly.project,
        quarterly.source,
        quarterly.quarter,
        0 as value,
        quarterly.is_complete,
        quarterly.is_sealed
    from marts.kpi_quarterly as quarterly
    semi join additive on quarterly.kpi = additive.kpi
    where not quarterly.is_total

),

leaves as (

    select * from counted
    union all by name
    select * from observed

)

select
    leaves.kpi,
    leaves.project,
    leaves.source,
    leaves.quarter,
    quarters.starts_on as quarter_starts_on,
    quarters.fiscal_year,
    bool_or(leaves.is_complete) as is_complete,
    bool_or(leaves.is_sealed) as is_sealed,
    sum(leaves.value)::bigint as additive_value
from leaves
inner join settings.quarters as quarters on leaves.quarter = quarters.quarter
group by
    leaves.kpi, leaves.project, leaves.source, leaves.quarter,
    quarters.starts_on, quarters.fiscal_year
