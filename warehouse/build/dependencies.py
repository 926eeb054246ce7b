"""Tables that a select reads, from DuckDB's own parser."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

from warehouse.errors import ModelFailed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import duckdb

# The tables of a SQL text never change, so it is parsed once per process.
_READ_BY: dict[str, frozenset[str]] = {}


class Written(Protocol):
    """A select and its file."""

    @property
    def sql(self) -> str: ...

    @property
    def path(self) -> Path: ...


def tables_read(connection: duckdb.DuckDBPyConnection, written: Written) -> frozenset[str]:
    """
    Return the tables that a select reads, with their schemas.

    A name without a schema is a CTE's: every table of the warehouse is in a schema, so a CTE may
    have the name of the table that it imports.
    """
    parse(connection, [written])
    return _READ_BY[written.sql]


def parse(connection: duckdb.DuckDBPyConnection, written: Sequence[Written]) -> None:
    """Cache the parsed selects; one query for many takes half as long as one for each."""
    new = [select for select in written if select.sql not in _READ_BY]
    if not new:
        return
    trees = connection.execute(
        "select json_serialize_sql(sql) from (select unnest($1::varchar[]) as sql)",
        [[select.sql for select in new]],
    ).fetchall()
    for select, (tree,) in zip(new, trees, strict=True):
        _READ_BY[select.sql] = _tables_of(select, tree)


def _tables_of(written: Written, tree: str) -> frozenset[str]:
    tables: set[str] = set()

    def note(node: dict[str, Any]) -> dict[str, Any]:
        if node.get("type") == "BASE_TABLE" and node["schema_name"]:
            tables.add(f"{node['schema_name']}.{node['table_name']}")
        return node

    parsed = json.loads(tree, object_hook=note)
    if parsed["error"]:
        raise ModelFailed(written.path, parsed["error_message"])
    if len(parsed["statements"]) != 1:
        count = len(parsed["statements"])
        raise ModelFailed(written.path, f"expected one select, found {count}")
    return frozenset(tables)
