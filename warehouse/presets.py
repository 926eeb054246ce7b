"""Our figures beside those of other systems: the same rows under another definition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from warehouse.choices import (
    ALL,
    Known,
    Period,
    Scope,
    choose,
    choose_period,
    choose_scope,
    known_periods,
)
from warehouse.query import asking, require_format, write_answer
from warehouse.sql import sql_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import duckdb

COMPARED = """
    with theirs as (
        {preset}
    )
    select
        theirs.project,
        theirs.source,
        theirs.quarter,
        theirs.kpi,
        kpis.title,
        kpis.unit,
        ours.value as our_value,
        ours.n as our_n,
        theirs.metric,
        theirs.value as their_value,
        theirs.n as their_n,
        round(theirs.value - ours.value, 6) as difference,
        theirs.definition,
        theirs.why
    from theirs
    inner join marts.kpi_quarterly as ours using (kpi, project, source, quarter)
    inner join marts.dim_kpis as kpis using (kpi)
    where
        theirs.project = coalesce($1, theirs.project)
        and theirs.source = $2
        and ours.fiscal_year = $3
        and theirs.quarter = coalesce($4, theirs.quarter)
    order by theirs.project, kpis.position, theirs.quarter
"""


@dataclass(frozen=True)
class Compared:
    """
    A KPI in a quarter, by our definition and by another's; None is no data.

    Units:   values and their difference are in the KPI's unit.
    """

    project: str
    source: str
    quarter: str
    kpi: str
    title: str
    unit: str
    our_value: float | None
    our_n: int
    metric: str
    their_value: float | None
    their_n: int
    difference: float | None
    definition: str
    why: str


@dataclass(frozen=True)
class Comparison:
    """What a preset makes of our rows in a quarter, or in each quarter of a year."""

    preset: str
    scope: Scope
    period: Period
    rows: tuple[Compared, ...]


@dataclass(frozen=True)
class Compare:
    """What is to be compared, as somebody writes it; None for what is left to the default."""

    preset: str
    period: str | None = None
    project: str | None = None
    source: str | None = None


def presets(folder: Path | None = None) -> dict[str, Path]:
    """Find the presets by their names."""
    found = ((folder or sql_folder()) / "presets").glob("*.sql")
    return {path.stem: path for path in sorted(found)}


def compare(warehouse: Path, asked: Compare) -> Comparison:
    """
    Compare our figures with a preset's: by default in the newest quarter that is complete.

    Errors:  WarehouseMissing; QueryFailed for a name or time that there is not.
    """
    with asking(warehouse) as connection:
        sql, scope, period = _settled(connection, asked)
        rows = connection.execute(sql, _which(scope, period)).fetchall()
        return Comparison(
            asked.preset.lower(), scope, period, tuple(Compared(*row) for row in rows)
        )


def write_comparison(
    warehouse: Path,
    asked: Compare,
    format: str,  # noqa: A002 - its name on the command line
    out: BinaryIO,
) -> None:
    """
    Write the comparison for programs.

    Errors:  those of compare; QueryFailed for a format that there is not.
    """
    require_format(format)
    with asking(warehouse) as connection:
        sql, scope, period = _settled(connection, asked)
        write_answer(connection, sql, format, out, _which(scope, period))


def _settled(connection: duckdb.DuckDBPyConnection, asked: Compare) -> tuple[str, Scope, Period]:
    known = presets()
    preset = known[choose("preset", asked.preset, known)].read_text("utf-8")
    scope = choose_scope(connection, asked.project, asked.source)
    periods = known_periods(connection, scope)
    period = choose_period(asked.period, periods) if asked.period else _newest(periods)
    return COMPARED.format(preset=preset), scope, period


def _which(scope: Scope, period: Period) -> list[object]:
    # Other systems know nothing of all projects together: each stands for itself.
    project = None if scope.project == ALL else scope.project
    return [project, scope.source, period.fiscal_year, period.quarter]


def _newest(known: Sequence[Known]) -> Period:
    complete = [one for one in known if one.is_complete] or known
    return Period(complete[-1].fiscal_year, complete[-1].quarter)
