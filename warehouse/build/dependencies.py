"""Tables and proofs of selects, from DuckDB's own parser."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import duckdb

from warehouse.build.emptiness import Proof, prove
from warehouse.build.kept_values import keep, kept
from warehouse.errors import ModelFailed
from warehouse.sql import is_own

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Parsed:
    """What a select reads, and when it has no rows."""

    tables: frozenset[str]
    proof: Proof


# A SQL text always means the same, so it is parsed once per process.
_PARSED: dict[str, Parsed] = {}
# The parsed selects of our own files, for later processes.
_KEPT = "selects"


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
    new = {select.sql: select for select in written if select.sql not in _PARSED}
    if not new:
        return
    known = kept(_KEPT, _version())
    _PARSED.update({sql: _thawed(known[_key(sql)]) for sql in new if _key(sql) in known})
    unknown = [select for sql, select in new.items() if sql not in _PARSED]
    if unknown:
        _parse(connection, unknown)
        ours = {_key(s.sql): _frozen(_PARSED[s.sql]) for s in unknown if is_own(s.path)}
        if ours:
            keep(_KEPT, _version(), known | ours)


def _parse(connection: duckdb.DuckDBPyConnection, written: Sequence[Written]) -> None:
    trees = connection.execute(
        "select json_serialize_sql(sql) from (select unnest($1::varchar[]) as sql)",
        [[select.sql for select in written]],
    ).fetchall()
    for select, (tree,) in zip(written, trees, strict=True):
        _PARSED[select.sql] = _parsed(select, tree)


@cache
def _version() -> str:
    """Hash what parses: the modules that make a proof, and DuckDB's version."""
    modules = (Path(__file__).with_name(name) for name in ("dependencies.py", "emptiness.py"))
    texts = [duckdb.__version__.encode(), *(module.read_bytes() for module in modules)]
    return hashlib.sha256(b"".join(texts)).hexdigest()


def _key(sql: str) -> str:
    return hashlib.sha256(sql.encode()).hexdigest()[:24]


def _frozen(parsed: Parsed) -> list[Any]:
    return [sorted(parsed.tables), _as_list(parsed.proof)]


def _thawed(values: list[Any]) -> Parsed:
    tables, proof = values
    return Parsed(frozenset(tables), _as_proof(proof))


def _as_list(proof: Proof) -> list[Any]:
    parts = [part if isinstance(part, str) else _as_list(part) for part in proof.parts]
    return [proof.is_all, parts]


def _as_proof(values: list[Any]) -> Proof:
    is_all, parts = values
    found = (part if isinstance(part, str) else _as_proof(part) for part in parts)
    return Proof(is_all=is_all, parts=tuple(found))


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
