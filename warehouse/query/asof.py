"""Quarter-to-date figures as of a day."""

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
from warehouse.query.published import outdated_named, program_of
from warehouse.query.query import fetch_as, require_format, write_result
from warehouse.query.scope import Scope, choose_scope
from warehouse.sql import literal, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime
    from pathlib import Path

    from warehouse.context import Context

FIGURES = ("marts.kpi_quarterly", "marts.dim_kpis")
TITLES_KO = "select kpi, title_ko from marts.dim_kpis"
AS_OF = """
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
    order by kpis.position, figures.kpi
"""


@dataclass(frozen=True, kw_only=True)
class AsOfFigure:
    """
    A KPI at the end of a day; None is no data.

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
    """The KPIs in one scope at the end of a day, over its quarter to date, and Korean titles."""

    scope: Scope
    quarter: str
    figures: tuple[AsOfFigure, ...]
    titles_ko: Mapping[str, str | None]


@dataclass(frozen=True, kw_only=True)
class AsOfRequest:
    """
    The day, the instant of the request, and the data to use.

    Shape:   known_at None is all data known now; kpi None is all; project as everywhere else.
    """

    day: date
    asked_at: datetime
    known_at: datetime | None = None
    kpi: str | None = None
    project: str | None = None


def figures_as_of(warehouse: Path, context: Context, request: AsOfRequest) -> FiguresAsOf:
    """
    List the figures as of a day.

    Errors:  WarehouseMissing; QueryFailed for a day that is not over or has no data, and for an
             unknown KPI or project.
    """
    with warehouse_as_of(warehouse, context, request) as (connection, quarter):
        scope, parameters = _resolve(connection, request, quarter)
        figures = fetch_as(AsOfFigure, connection, AS_OF, parameters)
        titles_ko = dict(connection.execute(TITLES_KO).fetchall())
        return FiguresAsOf(scope, quarter, tuple(figures), titles_ko)


def write_as_of(
    warehouse: Path,
    context: Context,
    request: AsOfRequest,
    format: str,  # noqa: A002 - its name on the command line
    out: BinaryIO,
) -> None:
    """
    Write the figures as of a day in a format.

    Errors:  those of figures_as_of; QueryFailed for an unknown format.
    """
    require_format(format)
    with warehouse_as_of(warehouse, context, request) as (connection, quarter):
        _, parameters = _resolve(connection, request, quarter)
        write_result(connection, AS_OF, format, out, parameters)


@contextlib.contextmanager
def warehouse_as_of(
    warehouse: Path, context: Context, request: AsOfRequest
) -> Iterator[tuple[duckdb.DuckDBPyConnection, str]]:
    """
    Build the figures of the quarter that contains a day, as if the quarter ended with that day.

    Shape:   a connection with marts.kpi_quarterly, and the quarter's name. With known_at only
             data observed until then is used, else all data. Seals are ignored.
    Errors:  WarehouseMissing; QueryFailed for a day outside the calendar, or not over.
    """
    calendar = replace(context.calendar, last_day=request.day)
    last = next(reversed(quarters(calendar)), None)
    if last is None or last.ends_before != request.day + timedelta(days=1):
        raise QueryFailed(f"{request.day} is outside the calendar.", "Choose a day from 1970 on.")
    if last.ends_at > (request.known_at or request.asked_at):
        when = "was not over by then" if request.known_at else "is not over"
        raise QueryFailed(f"{request.day} {when}.", "Choose an earlier day.")
    with open_for_reading(warehouse) as published:
        program = program_of(published)
    with duckdb.connect() as connection, outdated_named(warehouse, program):
        connection.execute("set timezone = 'UTC'")
        _attach_raw(connection, warehouse)
        until = replace(context, calendar=calendar)
        build_models(connection, until, known_at=request.known_at, only=FIGURES)
        yield connection, last.quarter


def _resolve(
    connection: duckdb.DuckDBPyConnection, request: AsOfRequest, quarter: str
) -> tuple[Scope, list[object]]:
    kpi = choose_kpi(request.kpi, read_kpis(connection)).kpi if request.kpi else None
    scope = choose_scope(connection, request.project, None)
    parameters = [request.day, quarter, scope.project, kpi]
    if not connection.execute(AS_OF, parameters).fetchall():
        raise QueryFailed(
            f"no data for {request.day}.",
            "Choose another day or KPI; `quarry kpi` lists the figures.",
        )
    return scope, parameters


def _attach_raw(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> None:
    connection.execute(f"attach {literal(str(warehouse))} as published (read_only)")
    connection.execute("create schema raw")
    tables = connection.execute(
        "select table_name from duckdb_tables() "
        "where database_name = 'published' and schema_name = 'raw'"
    ).fetchall()
    for (table,) in tables:
        name = quoted(table)
        connection.execute(f"create view raw.{name} as from published.raw.{name}")
