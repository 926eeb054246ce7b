"""What is behind a figure: its definition, every row that was looked at, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from warehouse.query.figures import (
    Figure,
    Kpi,
    choose_kpi,
    figures_of,
    quarters_of,
    read_kpis,
    time_zone_of,
)
from warehouse.query.query import asking, require_format, write_answer
from warehouse.query.scope import Period, Scope, choose_period, choose_scope, known_periods

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    import duckdb

COUNTED = "counted"
# In all projects together, a row of a repository that several share counts once.
ROWS = """
    select {columns}
    from facts.kpi_evidence
    where
        kpi = $1
        and quarter in (select unnest($2::varchar[]))
        and if($3 = '*', counts_in_all, project = $3)
        and $4 in ('*', source)
    order by reason != 'counted', happened_at, source, subject_id, quarter, project
"""
EVIDENCE = """
    source, quarter, subject_id, coalesce(subject_url, subject_id), person, happened_at, grade,
    reason, numerator, denominator, value, is_sealed
"""
RESTATEMENTS = """
    select quarter, cause, was_value, is_value, difference, came_count, went_count, changed_count
    from marts.kpi_restatements
    where kpi = $1 and quarter in (select unnest($2::varchar[])) and project = $3 and source = $4
    order by quarter, cause_number
"""


@dataclass(frozen=True)
class Row:
    """
    A row that a KPI looked at.

    Units:   value is in seconds of a duration, else a number.
    """

    source: str
    quarter: str
    subject_id: str
    place: str
    person: str | None
    happened_at: datetime | None
    grade: str | None
    reason: str
    numerator: int | None
    denominator: int | None
    value: int | None
    is_sealed: bool


@dataclass(frozen=True)
class Restatement:
    """What one cause made of a sealed figure."""

    quarter: str
    cause: str
    was_value: float | None
    is_value: float | None
    difference: float | None
    came_count: int
    went_count: int
    changed_count: int


@dataclass(frozen=True)
class Explained:
    """A figure, its definition, and every row behind it; figure is None where there is none."""

    scope: Scope
    kpi: Kpi
    period: Period
    quarters: tuple[str, ...]
    figure: Figure | None
    rows: tuple[Row, ...]
    meanings: dict[str, tuple[str, bool]]
    restatements: tuple[Restatement, ...]
    time_zone: str


@dataclass(frozen=True)
class Asked:
    """A figure that somebody asks for, as they write it; None for what is left to the default."""

    kpi: str
    period: str | None = None
    project: str | None = None
    source: str | None = None


def explained(warehouse: Path, asked: Asked) -> Explained:
    """
    Find a figure and all that is behind it; by default of the newest quarter in which rows count.

    Errors:  WarehouseMissing; QueryFailed for a name or time that there is not.
    """
    with asking(warehouse) as connection:
        return explain(connection, asked)


def explain(connection: duckdb.DuckDBPyConnection, asked: Asked) -> Explained:
    """
    Find a figure and all that is behind it, as explained does.

    Errors:  QueryFailed for a name or time that there is not.
    """
    scope, kpi, period = _settled(connection, asked)
    quarters = _quarters(connection, scope, kpi, period)
    found = figures_of(connection, scope, period.fiscal_year)
    which = [kpi.kpi, quarters, scope.project, scope.source]
    rows = connection.execute(ROWS.format(columns=EVIDENCE), which).fetchall()
    restated = connection.execute(RESTATEMENTS, which).fetchall()
    return Explained(
        scope,
        kpi,
        period,
        tuple(quarters),
        next((f for f in found if (f.kpi, f.period) == (kpi.kpi, period.name)), None),
        tuple(Row(*row) for row in rows),
        _meanings(connection),
        tuple(Restatement(*row) for row in restated),
        time_zone_of(connection),
    )


def write_rows(
    warehouse: Path,
    asked: Asked,
    format: str,  # noqa: A002 - its name on the command line
    out: BinaryIO,
) -> None:
    """
    Write the rows behind a figure for programs, counted and left out.

    Errors:  those of explained; QueryFailed for a format that there is not.
    """
    require_format(format)
    with asking(warehouse) as connection:
        scope, kpi, period = _settled(connection, asked)
        quarters = _quarters(connection, scope, kpi, period)
        which = [kpi.kpi, quarters, scope.project, scope.source]
        write_answer(connection, ROWS.format(columns="*"), format, out, which)


def _settled(connection: duckdb.DuckDBPyConnection, asked: Asked) -> tuple[Scope, Kpi, Period]:
    kpi = choose_kpi(asked.kpi, read_kpis(connection))
    scope = choose_scope(connection, asked.project, asked.source)
    known = known_periods(connection, scope, kpi.kpi)
    if asked.period is not None:
        return scope, kpi, choose_period(asked.period, known)
    return (
        scope,
        kpi,
        _newest(connection, scope, kpi) or Period(known[-1].fiscal_year, known[-1].quarter),
    )


def _newest(connection: duckdb.DuckDBPyConnection, scope: Scope, kpi: Kpi) -> Period | None:
    # To its end, although one row is enough: DuckDB answers nothing else before.
    rows = connection.execute(
        "select fiscal_year, quarter from marts.kpi_quarterly "
        "where kpi = $1 and project = $2 and source = $3 and n > 0 "
        "order by quarter_starts_on desc limit 1",
        [kpi.kpi, scope.project, scope.source],
    ).fetchall()
    return Period(*rows[0]) if rows else None


def _quarters(
    connection: duckdb.DuckDBPyConnection, scope: Scope, kpi: Kpi, period: Period
) -> list[str]:
    """Name the quarters whose rows make a figure: of a year the last one, if it tells of an end."""
    if period.quarter:
        return [period.quarter]
    if kpi.span == "quarter_end":
        known = known_periods(connection, scope, kpi.kpi)
        return [[one.quarter for one in known if one.fiscal_year == period.fiscal_year][-1]]
    return quarters_of(connection, period.fiscal_year)


def _meanings(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, bool]]:
    rows = connection.execute("select reason, meaning, is_gap from marts.dim_reasons").fetchall()
    return {reason: (meaning, is_gap) for reason, meaning, is_gap in rows}
