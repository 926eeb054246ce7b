"""The sealed.* tables: contents of the seals, for SQL."""

# ruff: noqa: S608 - what is put into SQL here is our own names
from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from warehouse.connection import open_for_reading
from warehouse.errors import WarehouseError
from warehouse.sql import literal
from warehouse.tables.evidence_columns import EVIDENCE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


Columns = tuple[tuple[str, str], ...]

SCOPE: Columns = (("kpi", "varchar"), ("project", "varchar"), ("quarter", "varchar"))
FIGURES: Columns = (
    *(("kpi", "varchar"), ("project", "varchar"), ("source", "varchar"), ("quarter", "varchar")),
    *(("value", "double"), ("row_count", "bigint"), ("counted_count", "bigint")),
    *(("gap_count", "bigint"), ("numerator", "bigint"), ("denominator", "bigint")),
    *(("min_value", "double"), ("max_value", "double"), ("median_value", "double")),
    *(("p75_value", "double"), ("p90_value", "double"), ("is_complete", "boolean")),
)
ROWS: Columns = (
    ("kpi", "varchar"),
    *EVIDENCE,
    *(("reported_reason", "varchar"), ("quarter_starts_on", "date")),
    ("counts_in_all", "boolean"),
)
OBSERVATIONS: Columns = (
    *(("quarter", "varchar"), ("source", "varchar"), ("observed_at", "timestamptz")),
)
KNOWN: Columns = (("quarter", "varchar"), ("kpi", "varchar"), ("definition_hash", "varchar"))
PROJECTS: Columns = (
    *(("quarter", "varchar"), ("project", "varchar"), ("settings_hash", "varchar")),
)
SEALS: Columns = (
    *(("quarter", "varchar"), ("sealed_at", "timestamptz"), ("seal_hash", "varchar")),
    *(("store_hash", "varchar"), ("calendar_hash", "varchar"), ("rules_hash", "varchar")),
    ("identities_hash", "varchar"),
)
# By file of a seal: its columns, and the order of its rows.
FILES: dict[str, tuple[Columns, Sequence[str]]] = {
    "figures": (FIGURES, ("kpi", "project", "source")),
    "evidence": (ROWS, ("kpi", "project", "source", "subject_type", "subject_id")),
    "looks": (OBSERVATIONS, ("source",)),
    "definitions": (KNOWN, ("kpi",)),
    "projects": (PROJECTS, ("project",)),
}
# Tables that are not named as their file: the files of seals keep their names permanently.
TABLES = {"looks": "observations"}


def sealed_quarters(warehouse: Path) -> set[str]:
    """List the quarters of the seals with which a warehouse was built; none if it is unreadable."""
    try:
        with open_for_reading(warehouse) as connection:
            rows = connection.execute("select quarter from sealed.seals").fetchall()
    except (WarehouseError, duckdb.Error):
        return set()
    return {quarter for (quarter,) in rows}


def create_sealed(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the missing tables; without seals they stay empty."""
    connection.execute("create schema if not exists sealed")
    for name, (columns, _) in FILES.items():
        _create(connection, TABLES.get(name, name), columns)
    _create(connection, "seals", SEALS)
    _create(connection, "scopes", SCOPE)


def load_sealed(
    connection: duckdb.DuckDBPyConnection,
    seals: Sequence[tuple[Path, Sequence[str]]],
) -> None:
    """
    Fill the tables from the folders of seals, each with its row for sealed.seals.

    Shape:   sealed.scopes has the KPIs of projects, and of all projects, with sealed figures;
             rows of a seal without a figure, those of a project that was not active, are omitted.
    """
    connection.execute("drop schema if exists sealed cascade")
    create_sealed(connection)
    for folder, row in seals:
        for name, (columns, _) in FILES.items():
            names = ", ".join(column for column, _ in columns)
            table = TABLES.get(name, name)
            path = folder / f"{name}.parquet"
            # A file newer than the seal; those of a seal are known to be whole.
            if not path.is_file():
                continue
            file = literal(str(path))
            # Columns newer than the seal are null.
            connection.execute(
                f"insert into sealed.{table} select {names} from ("
                f"select * from sealed.{table} limit 0) "
                f"union all by name select * from read_parquet({file})"
            )
        marks = ", ".join(f"${number}" for number in range(1, len(SEALS) + 1))
        connection.execute(f"insert into sealed.seals values ({marks})", list(row))
    connection.execute(
        "insert into sealed.scopes select distinct kpi, project, quarter from sealed.figures"
    )
    connection.execute(
        "delete from sealed.evidence where (kpi, project, quarter) not in (from sealed.scopes)"
    )


def _create(connection: duckdb.DuckDBPyConnection, name: str, columns: Columns) -> None:
    listed = ", ".join(f"{column} {kind}" for column, kind in columns)
    connection.execute(f"create table if not exists sealed.{name} ({listed})")
