"""
On what the rows of one source depend, asked of DuckDB's optimizer.

A filter on the source of a select may be moved to the tables that it reads wherever that changes
nothing. So where a plan reads a table by the source alone, no other source's rows of that table
can make a difference to this one's. What the optimizer cannot show counts as read whole.
"""

# ruff: noqa: S608 - what is put into SQL here is our own names
from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from warehouse.sql import literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import duckdb

# No source is called so; a plan made for it holds for any.
IS_ANY = "source='any-of-all'"
# What moves filters, and nothing that owes its plan to the rows that happen to be there.
MOVERS = ("expression_rewriter", "filter_pullup", "filter_pushdown", "cte_inlining", "deliminator")
OTHERS = """
    select string_agg(name, ',') from duckdb_optimizers() where not list_contains($1, name)
"""


@dataclass(frozen=True)
class Locality:
    """The tables of which only the rows of the same source matter, and those that matter whole."""

    by_source: frozenset[str]
    whole: frozenset[str]


def locality(connection: duckdb.DuckDBPyConnection, selects: Sequence[str]) -> Locality | None:
    """
    Tell on what the rows of one source depend in what is made by some selects.

    Shape:   None where there are, or may be, rows that are of no source: those of all together.
    """
    others = connection.execute(OTHERS, [list(MOVERS)]).fetchall()[0][0]
    connection.execute(f"set disabled_optimizers = {literal(others)}")
    found = [_locality(connection, select) for select in selects]
    connection.execute("reset disabled_optimizers")
    whole: set[str] = set()
    by_source: set[str] = set()
    for one in found:
        if one is None:
            return None
        whole |= one.whole
        by_source |= one.by_source
    return Locality(frozenset(by_source - whole), frozenset(whole))


def _locality(connection: duckdb.DuckDBPyConnection, select: str) -> Locality | None:
    of_all = _plan(connection, f"select * from (\n{select}\n)")
    of_one = _plan(connection, f"select * from (\n{select}\n) where {IS_ANY}")
    # A part that is left out for a source, or an outer join that has become an inner one, has
    # rows without one.
    if _form(of_all) != _form(of_one):
        return None
    scans = [(_table(facts), _is_by_source(facts)) for facts in of_one if "Table" in facts]
    return Locality(
        frozenset(table for table, is_by_source in scans if is_by_source),
        frozenset(table for table, is_by_source in scans if not is_by_source),
    )


def _plan(connection: duckdb.DuckDBPyConnection, select: str) -> list[dict[str, Any]]:
    rows = connection.execute(f"explain (format json) {select}").fetchall()
    return [step for root in json.loads(rows[0][1]) for step in _steps(root)]


def _steps(step: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield step["extra_info"]
    for child in step["children"]:
        yield from _steps(child)


def _form(plan: Sequence[dict[str, Any]]) -> Counter[str]:
    """Count joins by their kind, and scans by their table."""
    return Counter(
        [f"join {facts['Join Type']}" for facts in plan if "Join Type" in facts]
        + [_table(facts) for facts in plan if "Table" in facts]
    )


def _table(facts: dict[str, Any]) -> str:
    schema, table = facts["Table"].split(".")[-2:]
    return f"{schema}.{table}".replace('"', "")


def _is_by_source(facts: dict[str, Any]) -> bool:
    filters = facts.get("Filters", [])
    # DuckDB 2 writes (source = '…'), 1.5 source='…'.
    return IS_ANY in {
        one.replace(" ", "").strip("()")
        for one in (filters if isinstance(filters, list) else [filters])
    }
