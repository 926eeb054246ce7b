"""Comments of tables and columns in the warehouse."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from warehouse.build import kpi_definitions
from warehouse.errors import ContractViolated
from warehouse.sql import comment_on, literal
from warehouse.tables import settings
from warehouse.tables.raw import describe_raw
from warehouse.tables.settings import SettingsTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import duckdb

    from warehouse.build.model import Model


def read_meanings(path: Path) -> dict[str, str]:
    """Return the description of every column by name."""
    if not path.is_file():
        return {}
    meanings: dict[str, str] = tomllib.loads(path.read_text(encoding="utf-8"))
    return meanings


def describe_inputs(connection: duckdb.DuckDBPyConnection) -> None:
    """Comment every table of raw and settings."""
    describe_raw(connection)
    for table in [*vars(settings).values(), *vars(kpi_definitions).values()]:
        if isinstance(table, SettingsTable):
            name = f"settings.{table.name}"
            connection.execute(f"comment on table {name} is {literal(table.meaning)}")
            comment_on(connection, name, {field.name: field.meaning for field in table.fields})


def describe_models(
    connection: duckdb.DuckDBPyConnection, models: Sequence[Model], meanings: Path
) -> None:
    """
    Comment every model's table, and the columns of those that are public.

    Errors:  ContractViolated when a public column is not described.
    """
    described = read_meanings(meanings)
    columns = columns_of_all(connection)
    for model in models:
        kind = "view" if model.is_view else "table"
        connection.execute(f"comment on {kind} {model.table} is {literal(model.header.title)}")
        if model.is_public:
            table_columns = columns[model.table]
            _require_all(model, table_columns, described)
            comment_on(connection, model.table, {name: described[name] for name in table_columns})


def columns_of_all(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """Return the columns of every table with their types, in order, by schema.table."""
    # One query for all tables takes as long as one for a single table.
    rows = connection.execute(
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns() "
        "where database_name = current_database() order by table_oid, column_index"
    ).fetchall()
    columns: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        columns.setdefault(table, {})[column] = kind
    return columns


def _require_all(model: Model, names: Iterable[str], described: Mapping[str, str]) -> None:
    for name in names:
        if name not in described:
            expected = f"a line `{name} = ...` in sql/columns.toml"
            raise ContractViolated(model.table, name, expected, "none")
