"""Query custom goals with their measurements, and next year's goals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.query.query import fetch_as

if TYPE_CHECKING:
    from datetime import date

    import duckdb

    from warehouse.query.scope import Scope
    from warehouse.report.queries.quarter import ReportQuarter

# A custom goal is measured by the newest ledger row with its name and unit in its period.
CUSTOM = """
    with goals as (
        select targets.*, min(quarters.starts_on) as starts_on,
            max(quarters.ends_before) as ends_before
        from facts.ledger_targets as targets
        inner join settings.quarters as quarters
            on
                targets.fiscal_year = quarters.fiscal_year
                and (targets.quarter is null or targets.quarter = quarters.quarter)
        where
            not targets.is_measured
            and targets.fiscal_year = $2
            and ($1 = '*' or targets.project is null or targets.project = $1)
        group by all
    ),
    measured as (
        select *, regexp_replace(trim(lower(measure)), '[\\s_-]+', '_', 'g') as name
        from facts.ledger_measurements
        where after_value is not null and ($1 = '*' or project = $1) and measured_on < $3
    ),
    actual as (
        select
            goals.*,
            measured.after_value,
            measured.measured_on,
            if(goals.project is null, measured.project, null) as measured_in
        from goals
        left join measured
            on
                goals.kpi = measured.name
                and (goals.project is null or goals.project = measured.project)
                and coalesce(lower(goals.target_unit), '')
                    = coalesce(lower(measured.measurement_unit), '')
                and measured.measured_on >= goals.starts_on
                and measured.measured_on < goals.ends_before
        qualify
            row_number() over (
                partition by goals.source, goals.target_id
                order by
                    measured.measured_on desc nulls last, measured.source,
                    measured.measurement_id
            ) = 1
    )
    select
        kpi, project, coalesce(quarter, $2::varchar) as period, title, title_ko,
        coalesce(target_unit, '') as unit, target_value as target, coalesce(better, '') as better,
        accepted_until, after_value as value, measured_in,
        case
            when actual.after_value is null or actual.better is null then 'no_data'
            when after_value * direction >= target_value * direction then 'met'
            when after_value * direction >= near_value * direction then 'near'
            when ends_before <= accepted_until + 1 then 'accepted'
            else 'missed'
        end as status
    from (select *, if(better = 'lower', -1, 1) as direction from actual) as actual
    order by title, kpi, project nulls first, quarter nulls last, source, target_id
"""
# Targets of KPIs have the units of the KPIs.
NEXT = """
    select
        targets.kpi, targets.project,
        coalesce(targets.quarter, targets.fiscal_year::varchar) as period,
        null as title, null as title_ko, kpis.unit, targets.target, kpis.better,
        targets.accepted_until
    from figures.kpi_targets as targets
    inner join settings.kpis as kpis on targets.kpi = kpis.kpi
    where
        targets.fiscal_year = $2
        and ($1 = '*' or targets.project is null or targets.project = $1)
    order by
        kpis.position, targets.kpi, targets.project nulls first, targets.quarter nulls last
"""


@dataclass(frozen=True, kw_only=True)
class Goal:
    """A goal of a period; project is None where it applies to each project."""

    kpi: str
    project: str | None
    period: str
    title: str | None
    title_ko: str | None
    unit: str
    target: float
    better: str
    accepted_until: date | None


@dataclass(frozen=True, kw_only=True)
class MeasuredGoal(Goal):
    """A custom goal with its newest measurement, the project of it, and the status."""

    value: float | None
    measured_in: str | None
    status: str


@dataclass(frozen=True)
class Goals:
    """The custom goals of a year, and the custom goals and KPI targets of the next year."""

    custom: tuple[MeasuredGoal, ...]
    next_custom: tuple[MeasuredGoal, ...]
    next_targets: tuple[Goal, ...]


def read_goals(
    connection: duckdb.DuckDBPyConnection, scope: Scope, year: int, last: ReportQuarter
) -> Goals:
    """Read the goals of a year and the next one, measured up to the end of a quarter."""
    custom, next_custom = (
        fetch_as(MeasuredGoal, connection, CUSTOM, [scope.project, fiscal_year, last.ends_before])
        for fiscal_year in (year, year + 1)
    )
    next_targets = fetch_as(Goal, connection, NEXT, [scope.project, year + 1])
    return Goals(tuple(custom), tuple(next_custom), tuple(next_targets))
