"""What the figures were on a day: the quarter ends with it, and what came later is not known."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, BinaryIO

import duckdb

from warehouse.build.runner import build_models
from warehouse.calendar import quarters
from warehouse.connection import open_for_reading
from warehouse.errors import QueryFailed
from warehouse.query.figures import choose_kpi, read_kpis
from warehouse.query.query import require_format, write_answer
from warehouse.query.scope import Scope, choose_scope
from warehouse.sql import literal, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime
    from pathlib import Path

    from warehouse.context import Context

FIGURES = ("marts.kpi_quarterly", "marts.dim_kpis")
SHOWN = """
    select
        figures.kpi,
        kpis.title,
        figures.project,
        figures.quarter,
        $1::date as as_of,
        figures.value,
        kpis.unit,
        figures.n,
        figures.left_out_count,
        figures.coverage_ratio,
        figures.min_value,
        figures.median_value,
        figures.max_value,
        figures.is_complete
    from marts.kpi_quarterly as figures
    inner join marts.dim_kpis as kpis using (kpi)
    where
        figures.source = '*'
        and figures.quarter = $2
        and figures.project = $3
        and figures.kpi = coalesce($4, figures.kpi)
    order by kpis.position
"""


@dataclass(frozen=True)
class AsOf:
    """
    A KPI as it was when a day ended; None is no data.

    Units:   values are in the KPI's unit.
    """

    kpi: str
    title: str
    project: str
    quarter: str
    as_of: date
    value: float | None
    unit: str
    n: int
    left_out_count: int
    coverage_ratio: float | None
    min_value: float | None
    median_value: float | None
    max_value: float | None
    is_complete: bool


@dataclass(frozen=True)
class FiguresAsOf:
    """The KPIs in one scope as they were when a day ended, of its quarter so far."""

    scope: Scope
    quarter: str
    figures: tuple[AsOf, ...]


@dataclass(frozen=True)
class AskedAsOf:
    """
    A day that somebody asks for, when they ask, and by what was known when.

    Shape:   None of known_at is all that is known now; of kpi all; of project as everywhere else.
    """

    day: date
    asked_at: datetime
    known_at: datetime | None = None
    kpi: str | None = None
    project: str | None = None


def figures_as_of(warehouse: Path, context: Context, asked: AskedAsOf) -> FiguresAsOf:
    """
    List the figures as of a day.

    Errors:  WarehouseMissing; QueryFailed for a day that is not over, or of which nothing is known,
             and for a KPI or project that there is not.
    """
    with warehouse_as_of(warehouse, context, asked) as (connection, quarter):
        scope, which = _settled(connection, asked, quarter)
        rows = connection.execute(SHOWN, which).fetchall()
        return FiguresAsOf(scope, quarter, tuple(AsOf(*row) for row in rows))


def write_as_of(
    warehouse: Path,
    context: Context,
    asked: AskedAsOf,
    format: str,  # noqa: A002 - its name on the command line
    out: BinaryIO,
) -> None:
    """
    Write the figures as of a day for programs.

    Errors:  those of figures_as_of; QueryFailed for a format that there is not.
    """
    require_format(format)
    with warehouse_as_of(warehouse, context, asked) as (connection, quarter):
        _, which = _settled(connection, asked, quarter)
        write_answer(connection, SHOWN, format, out, which)


@contextlib.contextmanager
def warehouse_as_of(
    warehouse: Path, context: Context, asked: AskedAsOf
) -> Iterator[tuple[duckdb.DuckDBPyConnection, str]]:
    """
    Build the figures of the quarter that holds a day, as if the quarter ended with that day.

    Shape:   a connection with marts.kpi_quarterly, and the quarter's name. With known_at by what
             was known then; else by all that is known now of that day. Seals play no part.
    Errors:  WarehouseMissing; QueryFailed for a day outside the calendar, or not over.
    """
    calendar = replace(context.calendar, last_day=asked.day)
    last = next(reversed(quarters(calendar)), None)
    if last is None or last.ends_before != asked.day + timedelta(days=1):
        raise QueryFailed(f"{asked.day} is outside the calendar.", "Choose a day from 1970 on.")
    if last.ends_at > (asked.known_at or asked.asked_at):
        when = "was not over by then" if asked.known_at else "is not over"
        raise QueryFailed(f"{asked.day} {when}.", "Choose an earlier day.")
    with open_for_reading(warehouse):
        pass  # so that a missing or broken one says so
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        _borrow_raw(connection, warehouse)
        until = replace(context, calendar=calendar)
        build_models(connection, until, known_at=asked.known_at, only=FIGURES)
        yield connection, last.quarter


def _settled(
    connection: duckdb.DuckDBPyConnection, asked: AskedAsOf, quarter: str
) -> tuple[Scope, list[object]]:
    kpi = choose_kpi(asked.kpi, read_kpis(connection)).kpi if asked.kpi else None
    scope = choose_scope(connection, asked.project, None)
    which = [asked.day, quarter, scope.project, kpi]
    if not connection.execute(SHOWN, which).fetchall():
        raise QueryFailed(
            f"nothing is known of {asked.day}.",
            "Choose another day, or KPI; `quarry kpi` shows what there is.",
        )
    return scope, which


def _borrow_raw(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> None:
    connection.execute(f"attach {literal(str(warehouse))} as published (read_only)")
    connection.execute("create schema raw")
    tables = connection.execute(
        "select table_name from duckdb_tables() "
        "where database_name = 'published' and schema_name = 'raw'"
    ).fetchall()
    for (table,) in tables:
        name = quoted(table)
        connection.execute(f"create view raw.{name} as from published.raw.{name}")
