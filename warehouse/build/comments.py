"""What tables and columns mean, written into the warehouse itself."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from warehouse.errors import ContractViolated
from warehouse.sql import comment_on, literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import duckdb

    from warehouse.build.model import Model


def read_meanings(path: Path) -> dict[str, str]:
    """Read what every column means; the same name means the same everywhere."""
    if not path.is_file():
        return {}
    meanings: dict[str, str] = tomllib.loads(path.read_text(encoding="utf-8"))
    return meanings


def describe_models(
    connection: duckdb.DuckDBPyConnection, models: Sequence[Model], meanings: Path
) -> None:
    """
    Comment every model's table, and the columns of those that are public.

    Errors:  ContractViolated when a public column is not described.
    """
    known = read_meanings(meanings)
    columns = columns_of_all(connection)
    for model in models:
        kind = "view" if model.is_view else "table"
        connection.execute(f"comment on {kind} {model.table} is {literal(model.header.title)}")
        if model.is_public:
            found = columns[model.table]
            _require_all(model, found, known)
            comment_on(connection, model.table, {name: known[name] for name in found})


def columns_of_all(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """Name the columns of every table, by its name with its schema, with their types, in order."""
    # One question for all: one for a table alone takes as long.
    rows = connection.execute(
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns() "
        "where database_name = current_database() order by table_oid, column_index"
    ).fetchall()
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        found.setdefault(table, {})[column] = kind
    return found


def _require_all(model: Model, found: Iterable[str], known: Mapping[str, str]) -> None:
    for name in found:
        if name not in known:
            expected = f"a line `{name} = ...` in sql/columns.toml"
            raise ContractViolated(model.table, name, expected, "none")
