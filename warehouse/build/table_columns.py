"""Columns of the tables that are created without a select."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.build.kept_values import keep, kept
from warehouse.sql import quoted

if TYPE_CHECKING:
    import duckdb

_KEPT = "columns"
# By program and table: the same program always gives a table the same columns.
_COLUMNS: dict[str, dict[str, str]] = {}


def columns_of(connection: duckdb.DuckDBPyConnection, table: str, select: str, program: str) -> str:
    """Return the columns of a table with their types, as `create table` takes them."""
    known = _known(program)
    if table not in known:
        described = connection.execute(f"describe {select}").fetchall()
        known[table] = ", ".join(f"{quoted(name)} {kind}" for name, kind, *_ in described)
    return known[table]


def create_table(
    connection: duckdb.DuckDBPyConnection, table: str, select: str, program: str
) -> None:
    """Create the table of a select without rows, for which DuckDB need not plan the select."""
    columns = columns_of(connection, table, select, program)
    connection.execute(f"create or replace table {table} ({columns})")


def keep_columns(program: str) -> None:
    """Keep the columns that a program gives its tables for later processes."""
    if _known(program) != kept(_KEPT, program):
        keep(_KEPT, program, _known(program))


def _known(program: str) -> dict[str, str]:
    if program not in _COLUMNS:
        _COLUMNS[program] = kept(_KEPT, program)
    return _COLUMNS[program]
