"""
Empty selects, proved from empty tables.

A join with an empty table is empty, a union where every part is; a select follows its inputs.
Whatever is not known to be so, such as a count over no rows, is never proved to be empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import duckdb

# Whether a table or view, by its name with the schema, has no rows.
IsEmpty = Callable[[str], bool]
Node = dict[str, Any]
NEITHER_SIDE, LEFT_SIDE = frozenset({"OUTER", "FULL"}), frozenset({"LEFT", "ANTI"})
FUNCTIONS = "select function_name, function_type, macro_definition from duckdb_functions()"
# The schema of our own macros, none of which aggregates.
MACROS = "settings"


@dataclass(frozen=True)
class Proof:
    """
    A condition under which a select has no rows.

    Shape:   all or any of the parts, each the name of a table without rows or another condition.
    """

    is_all: bool
    parts: tuple[str | Proof, ...]

    def __call__(self, is_empty: IsEmpty) -> bool:
        met = (is_empty(part) if isinstance(part, str) else part(is_empty) for part in self.parts)
        return all(met) if self.is_all else any(met)


# Any of no conditions: not proved by anything.
NEVER = Proof(is_all=False, parts=())
# The proofs of CTEs by their names.
Scope = Mapping[str, Proof]


def prove(node: Node, scope: Scope | None = None) -> Proof:
    """Return the proof of a select in the form of DuckDB's json_serialize_sql."""
    known = dict(scope or {})
    for entry in node["cte_map"].get("map", []):
        known[entry["key"]] = prove(_select_of(entry["value"]), known)
    match node["type"]:
        case "SELECT_NODE":
            return NEVER if _has_a_row_anyway(node) else _table(node["from_table"], known)
        case "SET_OPERATION_NODE":
            return _set_operation(node, known)
        case "RECURSIVE_CTE_NODE":
            return prove(node["left"], known)
        case _:
            return NEVER


def _all(proofs: Iterable[Proof]) -> Proof:
    return Proof(is_all=True, parts=tuple(proofs))


def _any(proofs: Iterable[Proof]) -> Proof:
    return Proof(is_all=False, parts=tuple(proofs))


def _select_of(holder: Node) -> Node:
    # DuckDB 2 has the node itself where 1.5 has a statement with it.
    found: Node = holder.get("query_node") or holder["query"]["node"]
    return found


def _set_operation(node: Node, scope: Scope) -> Proof:
    parts = node.get("children") or [node["left"], node["right"]]
    proofs = [prove(part, scope) for part in parts]
    match node["setop_type"]:
        case "UNION" | "UNION_BY_NAME":
            return _all(proofs)
        case "EXCEPT":
            return proofs[0]
        case "INTERSECT":
            return _any(proofs)
        case _:
            return NEVER


def _table(node: Node, scope: Scope) -> Proof:
    match node["type"]:
        case "BASE_TABLE" if node["schema_name"]:
            return Proof(is_all=True, parts=(f"{node['schema_name']}.{node['table_name']}",))
        case "BASE_TABLE":
            return scope.get(node["table_name"], NEVER)
        case "SUBQUERY":
            return prove(node.get("subquery_node") or node["subquery"]["node"], scope)
        case "JOIN":
            return _join(node, scope)
        case _:
            return NEVER


def _join(node: Node, scope: Scope) -> Proof:
    left, right = (_table(node[side], scope) for side in ("left", "right"))
    kind = node["join_type"]
    if node["ref_type"] == "POSITIONAL" or kind in NEITHER_SIDE:
        return _all([left, right])
    if kind in LEFT_SIDE:
        return left
    if kind == "RIGHT":
        return right
    return _any([left, right]) if kind in {"INNER", "SEMI"} else NEVER


def _has_a_row_anyway(select: Node) -> bool:
    """Return whether it may have a row without input: a total, or an empty grouping set."""
    if select.get("aggregate_handling") == "FORCE_AGGREGATES":
        return not any(column["class"] == "COLUMN_REF" for column in select["select_list"])
    if select["group_expressions"]:
        return not all(select["group_sets"])
    asked = (select["select_list"], select["having"], select["qualify"])
    return any(_may_aggregate(part) for part in asked)


def _may_aggregate(part: object) -> bool:
    if isinstance(part, list):
        return any(map(_may_aggregate, part))
    if not isinstance(part, dict):
        return False
    is_call = part.get("class") == "FUNCTION" and not part["is_operator"]
    if is_call and _schema(part) != MACROS and part["function_name"] not in _plain_functions():
        return True
    return any(map(_may_aggregate, part.values()))


def _schema(call: Node) -> str:
    path = call.get("qualified_name", {}).get("path", [])
    return call.get("schema") or (path[-2] if len(path) > 1 else "")


@cache
def _plain_functions() -> frozenset[str]:
    """Name the functions that are no aggregates, nor macros that call one."""
    with duckdb.connect() as connection:
        found = connection.execute(FUNCTIONS).fetchall()
    aggregates = {name for name, kind, _ in found if kind == "aggregate"}
    calling = {name for name, _, text in found if aggregates & set(re.findall(r"\w+", text or ""))}
    return frozenset(name for name, _, _ in found) - aggregates - calling
