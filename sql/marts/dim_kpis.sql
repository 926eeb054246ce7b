-- The KPIs: what each one asks, how its rows become a figure, and where it may mislead.
--
-- A row counts once. count: how many rows; sum: their values; distinct: how many
-- different subjects; ratio: numerators by denominators; mean, median, longest: of their
-- values; half: how few subjects make half of the values. A KPI with the span
-- quarter_end measures the quarter's end, and its year is the last quarter.
--
-- grain: kpi
-- export: whole
select
    kpi,
    position,
    title,
    title_ko,
    unit,
    unit_size,
    kind,
    span,
    better,
    needs,
    version,
    answers,
    judgement,
    known_bias,
    definition_hash
from settings.kpis
