"""What the figures were on a day: the quarter ends with it, and what came later is not known."""

from __future__ import annotations

import contextlib
import difflib
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, BinaryIO

import duckdb

from warehouse.connection import open_for_reading
from warehouse.context import quarters
from warehouse.errors import SettingsRefused
from warehouse.models import build_models
from warehouse.query import require_format, write_answer
from warehouse.sql import literal, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime
    from pathlib import Path

    from warehouse.context import Context

FIGURES = "marts.kpi_quarterly"
SHOWN = """
    select
        figures.kpi,
        kpis.title,
        figures.project,
        figures.quarter,
        $1::date as as_of,
        round(figures.value, 3) as value,
        kpis.unit,
        figures.n,
        figures.left_out_count,
        round(figures.coverage_ratio, 3) as coverage_ratio,
        round(figures.min_value, 3) as min_value,
        round(figures.median_value, 3) as median_value,
        round(figures.max_value, 3) as max_value
    from marts.kpi_quarterly as figures
    inner join settings.kpis as kpis using (kpi)
    where
        figures.source = '*'
        and figures.quarter = $2
        and figures.project = $3
        and figures.kpi = coalesce($4, figures.kpi)
    order by kpis.position
"""


def figures_as_of(
    warehouse: Path,
    context: Context,
    day: date,
    known_at: datetime | None,
    chosen: tuple[str | None, str | None],
    format: str,  # noqa: A002 - its name on the command line
    out: BinaryIO,
) -> None:
    """
    Write the figures as of a day; chosen are a KPI and a project, None for all.

    Errors:  those of warehouse_as_of; SettingsRefused for a KPI or project that there is not.
    """
    require_format(format)
    kpi, project = chosen[0], chosen[1] or "*"
    with warehouse_as_of(warehouse, context, day, known_at) as (connection, quarter):
        _require_known(connection, "kpi", kpi, "select kpi from settings.kpis")
        _require_known(connection, "project", project, "select project from settings.projects")
        write_answer(connection, SHOWN, format, out, [day, quarter, project, kpi])


@contextlib.contextmanager
def warehouse_as_of(
    warehouse: Path, context: Context, day: date, known_at: datetime | None = None
) -> Iterator[tuple[duckdb.DuckDBPyConnection, str]]:
    """
    Build the figures of the quarter that holds a day, as if the quarter ended with that day.

    Shape:   a connection with marts.kpi_quarterly, and the quarter's name. With known_at by what
             was known then; else by all that is known now of that day. Seals play no part.
    Errors:  WarehouseMissing; SettingsRefused for a day outside the calendar.
    """
    calendar = replace(context.calendar, last_day=day)
    *_, last = quarters(calendar)
    if last.ends_before != day + timedelta(days=1):
        raise SettingsRefused(f"{day} is outside the calendar. Choose a day from 1970 on.")
    with open_for_reading(warehouse):
        pass  # so that a missing or broken one says so
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        _borrow_raw(connection, warehouse)
        until = replace(context, calendar=calendar)
        build_models(connection, until, known_at=known_at, only=[FIGURES])
        yield connection, last.quarter


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


def _require_known(
    connection: duckdb.DuckDBPyConnection, what: str, name: str | None, select: str
) -> None:
    known = ["*", *(known for (known,) in connection.execute(select).fetchall())]
    if name is not None and name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"choose one of {', '.join(known)}."
        raise SettingsRefused(f"there is no {what} {name!r}; {hint}")
