"""Tables and proofs of selects, from DuckDB's own parser."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from warehouse.build.emptiness import prove
from warehouse.errors import ModelFailed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import duckdb

    from warehouse.build.emptiness import Proof


@dataclass(frozen=True)
class Parsed:
    """What a select reads, and when it has no rows."""

    tables: frozenset[str]
    proof: Proof


# A SQL text always means the same, so it is parsed once per process.
_PARSED: dict[str, Parsed] = {}


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
    return _PARSED[written.sql].tables


def proof_of(connection: duckdb.DuckDBPyConnection, written: Written) -> Proof:
    """Return the proof that a select has no rows."""
    parse(connection, [written])
    return _PARSED[written.sql].proof


def parse(connection: duckdb.DuckDBPyConnection, written: Sequence[Written]) -> None:
    """Cache the parsed selects; one query for many takes half as long as one for each."""
    new = [select for select in written if select.sql not in _PARSED]
    if not new:
        return
    trees = connection.execute(
        "select json_serialize_sql(sql) from (select unnest($1::varchar[]) as sql)",
        [[select.sql for select in new]],
    ).fetchall()
    for select, (tree,) in zip(new, trees, strict=True):
        _PARSED[select.sql] = _parsed(select, tree)


def _parsed(written: Written, tree: str) -> Parsed:
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
    return Parsed(frozenset(tables), prove(parsed["statements"][0]["node"]))
