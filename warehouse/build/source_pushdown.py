"""
Inputs that a filter on `source` can be pushed down to.

DuckDB's optimizer moves a filter on source to the inputs of a select wherever the result stays the
same. Where a plan filters an input by the source, rows of other sources cannot change the result.
Any other input counts as read whole.
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

# No source has this name; its plan is valid for any source.
IS_ANY = "source='any-of-all'"
# Only the optimizers that move filters: the plan must not depend on the current rows.
MOVERS = ("expression_rewriter", "filter_pullup", "filter_pushdown", "cte_inlining", "deliminator")
OTHERS = """
    select string_agg(name, ',') from duckdb_optimizers() where not list_contains($1, name)
"""


@dataclass(frozen=True)
class Locality:
    """Inputs of which only the same source's rows matter, and inputs that matter whole."""

    by_source: frozenset[str]
    whole: frozenset[str]


def locality(connection: duckdb.DuckDBPyConnection, selects: Sequence[str]) -> Locality | None:
    """
    Return the inputs that the rows of one source depend on in some selects.

    Shape:   None where rows may belong to no source, such as totals.
    """
    others = connection.execute(OTHERS, [list(MOVERS)]).fetchall()[0][0]
    connection.execute(f"set disabled_optimizers = {literal(others)}")
    localities = [_locality(connection, select) for select in selects]
    connection.execute("reset disabled_optimizers")
    whole: set[str] = set()
    by_source: set[str] = set()
    for inputs in localities:
        if inputs is None:
            return None
        whole |= inputs.whole
        by_source |= inputs.by_source
    return Locality(frozenset(by_source - whole), frozenset(whole))


def _locality(connection: duckdb.DuckDBPyConnection, select: str) -> Locality | None:
    of_all = _plan(connection, f"select * from (\n{select}\n)")
    of_one = _plan(connection, f"select * from (\n{select}\n) where {IS_ANY}")
    # A branch that disappears under the filter, or an outer join that becomes an inner one,
    # has rows without a source.
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
