"""What tables and columns mean, written into the warehouse itself."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from warehouse.errors import ContractViolated
from warehouse.sql import comment_on, literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import duckdb

    from warehouse.models import Model


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
    Comment every model's table and columns.

    Errors:  ContractViolated when a column of a fact or mart is not described.
    """
    known = read_meanings(meanings)
    for model in models:
        found = columns_of(connection, model.schema, model.name)
        if model.schema != "staging":
            _require_all(model, found, known)
        kind = "view" if model.schema == "staging" else "table"
        connection.execute(f"comment on {kind} {model.table} is {literal(model.header.title)}")
        meant = {name: known[name] for name in found if name in known}
        comment_on(connection, model.table, meant)


def columns_of(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> dict[str, str]:
    """Name the columns of a table with their types, in order."""
    rows = connection.execute(
        "select column_name, data_type from duckdb_columns() "
        "where schema_name = $1 and table_name = $2 and database_name = current_database() "
        "order by column_index",
        [schema, table],
    ).fetchall()
    return dict(rows)


def _require_all(model: Model, found: Mapping[str, str], known: Mapping[str, str]) -> None:
    for name in found:
        if name not in known:
            expected = f"a line `{name} = ...` in sql/columns.toml"
            raise ContractViolated(model.table, name, expected, "none")
