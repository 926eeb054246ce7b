"""What a report asks about aims: the house's own, and those of the year to come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    import duckdb

    from warehouse.query.scope import Scope
    from warehouse.report.queries.quarter import ReportQuarter

# A house measures its own aim by a row of a ledger with the aim's name, unit and period. Of
# several it is the newest one.
OWN = """
    with aims as (
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
            aims.*,
            measured.after_value,
            measured.measured_on,
            if(aims.project is null, measured.project, null) as measured_in
        from aims
        left join measured
            on
                aims.kpi = measured.name
                and (aims.project is null or aims.project = measured.project)
                and coalesce(lower(aims.unit), '') = coalesce(lower(measured.unit), '')
                and measured.measured_on >= aims.starts_on
                and measured.measured_on < aims.ends_before
        qualify
            row_number() over (
                partition by aims.source, aims.target_id
                order by
                    measured.measured_on desc nulls last, measured.source,
                    measured.measurement_id
            ) = 1
    )
    select
        kpi, project, coalesce(quarter, $2::varchar), title, title_ko, coalesce(unit, ''),
        target_value, coalesce(better, ''), accepted_until, after_value, measured_in,
        case
            when after_value is null or better is null then 'no_data'
            when after_value * direction >= target_value * direction then 'met'
            when after_value * direction >= near_value * direction then 'near'
            when ends_before <= accepted_until + 1 then 'accepted'
            else 'missed'
        end
    from (select *, if(better = 'lower', -1, 1) as direction from actual)
    order by title, kpi, project nulls first, quarter nulls last, source, target_id
"""
# Those of KPIs are in the units of the KPIs.
NEXT = """
    select
        aims.kpi, aims.project, coalesce(aims.quarter, aims.fiscal_year::varchar), null, null,
        kpis.unit, aims.target, kpis.better, aims.accepted_until
    from figures.kpi_targets as aims
    inner join settings.kpis as kpis on aims.kpi = kpis.kpi
    where aims.fiscal_year = $2 and ($1 = '*' or aims.project is null or aims.project = $1)
    order by kpis.position, aims.kpi, aims.project nulls first, aims.quarter nulls last
"""


@dataclass(frozen=True)
class Goal:
    """What is to be reached in a period; of no project, where it is for each."""

    kpi: str
    project: str | None
    period: str
    title: str | None
    title_ko: str | None
    unit: str
    target: float
    better: str
    accepted_until: date | None


@dataclass(frozen=True)
class MeasuredGoal(Goal):
    """An aim of the house, what was measured of it and in which project, and whether it is met."""

    value: float | None
    measured_in: str | None
    status: str


@dataclass(frozen=True)
class Goals:
    """The house's own aims of a year, and of the next one these and those of KPIs."""

    own: tuple[MeasuredGoal, ...]
    next_own: tuple[MeasuredGoal, ...]
    next_of_kpis: tuple[Goal, ...]


def read_goals(
    connection: duckdb.DuckDBPyConnection, scope: Scope, year: int, last: ReportQuarter
) -> Goals:
    """Read what is to be reached beside the figures, measured up to the end of a quarter."""
    own, after = (
        connection.execute(OWN, [scope.project, one, last.ends_before]).fetchall()
        for one in (year, year + 1)
    )
    of_kpis = connection.execute(NEXT, [scope.project, year + 1]).fetchall()
    return Goals(
        tuple(MeasuredGoal(*row) for row in own),
        tuple(MeasuredGoal(*row) for row in after),
        tuple(Goal(*row) for row in of_kpis),
    )
