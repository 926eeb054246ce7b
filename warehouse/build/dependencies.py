"""Which tables a select reads, asked of DuckDB's own parser."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

from warehouse.errors import ModelFailed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import duckdb

# What a text of SQL reads never changes; parsing the same one for every build takes its time.
_READ_BY: dict[str, frozenset[str]] = {}


class Written(Protocol):
    """A select, and the file that it stands in."""

    @property
    def sql(self) -> str: ...

    @property
    def path(self) -> Path: ...


def tables_read(connection: duckdb.DuckDBPyConnection, written: Written) -> frozenset[str]:
    """
    Name the tables that a select reads, with their schemas.

    A name without a schema is a CTE's: every table of the warehouse stands in a schema, so a CTE
    may well be called like the table that it imports.
    """
    parse(connection, [written])
    return _READ_BY[written.sql]


def parse(connection: duckdb.DuckDBPyConnection, written: Sequence[Written]) -> None:
    """Note what selects read; one question about many takes half as long as one about each."""
    new = [one for one in written if one.sql not in _READ_BY]
    if not new:
        return
    trees = connection.execute(
        "select json_serialize_sql(sql) from (select unnest($1::varchar[]) as sql)",
        [[one.sql for one in new]],
    ).fetchall()
    for one, (tree,) in zip(new, trees, strict=True):
        _READ_BY[one.sql] = _tables_of(one, tree)


def _tables_of(written: Written, tree: str) -> frozenset[str]:
    found: set[str] = set()

    def note(node: dict[str, Any]) -> dict[str, Any]:
        if node.get("type") == "BASE_TABLE" and node["schema_name"]:
            found.add(f"{node['schema_name']}.{node['table_name']}")
        return node

    parsed = json.loads(tree, object_hook=note)
    if parsed["error"]:
        raise ModelFailed(written.path, parsed["error_message"])
    if len(parsed["statements"]) != 1:
        count = len(parsed["statements"])
        raise ModelFailed(written.path, f"expected one select, found {count}")
    return frozenset(found)
