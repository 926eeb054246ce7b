"""Mutants of a select: one condition removed or one bound moved."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass

import duckdb

# A bound moved by one instant: what happens exactly at it changes sides. A comparison that does not
# see what is missing.
MOVED = {
    "COMPARE_DISTINCT_FROM": "COMPARE_NOTEQUAL",
    "COMPARE_NOT_DISTINCT_FROM": "COMPARE_EQUAL",
    "COMPARE_LESSTHAN": "COMPARE_LESSTHANOREQUALTO",
    "COMPARE_LESSTHANOREQUALTO": "COMPARE_LESSTHAN",
    "COMPARE_GREATERTHAN": "COMPARE_GREATERTHANOREQUALTO",
    "COMPARE_GREATERTHANOREQUALTO": "COMPARE_GREATERTHAN",
}


@dataclass(frozen=True)
class Mutant:
    """A changed select, and the text of what was changed in it."""

    name: str
    sql: str


def mutants(sql):
    """
    Yield the select without each of its conditions, union parts and values of which one is taken,
    and with each comparison moved.

    Shape:   in the order of the text; DuckDB's own parser finds the conditions.
    """
    # A warehouse is written for older clients too, and its connection gives their trees.
    with duckdb.connect() as connection:
        (text,) = connection.execute("select json_serialize_sql($1::varchar)", [sql]).fetchone()
        tree = json.loads(text)
        for name, path, change in sorted(_changes(sql, tree), key=lambda found: found[0]):
            changed = copy.deepcopy(tree)
            *above, last = path
            _at(changed, above)[last] = change(_at(changed, path))
            (mutated,) = connection.execute(
                "select json_deserialize_sql($1::json)", [json.dumps(changed)]
            ).fetchone()
            yield Mutant(name, mutated)


def _changes(sql, tree):
    """Yield (name, path to a node, function that changes the node)."""
    for path, node in _nodes(tree):
        yield from _without_a_part(sql, path, node)
        yield from _without_a_value(sql, path, node)
        yield from _without_the_whole(sql, path, node)
        if node.get("type") in MOVED:
            yield f"moved: {_text(sql, node)}", path, _move


def _without_a_part(sql, path, node):
    kind = node.get("type")
    if kind in {"CONJUNCTION_AND", "CONJUNCTION_OR", "SET_OPERATION_NODE"}:
        for place, part in enumerate(node["children"]):
            yield f"without: {_text(sql, part)}", path, _drop(place)


def _without_a_value(sql, path, node):
    """Yield a least, greatest, coalesce or in without each of its values."""
    is_function = node.get("function_name") in {"least", "greatest"}
    first = {"OPERATOR_COALESCE": 0, "COMPARE_IN": 1, "COMPARE_NOT_IN": 1}.get(node.get("type"))
    if is_function or first is not None:
        name = "arguments" if is_function else "children"
        values = node[name][first or 0 :]
        for place, value in enumerate(values, first or 0):
            if len(values) > 1:
                text = _text(sql, value.get("expression", value))
                yield f"without: {text} in {_text(sql, node)}", path, _drop_value(name, place)


def _drop_value(name, place):
    def change(node):
        return {**node, name: [part for number, part in enumerate(node[name]) if number != place]}

    return change


def _without_the_whole(sql, path, node):
    for clause in ("where_clause", "having", "qualify", "filter"):
        condition = node.get(clause)
        if condition and not str(condition.get("type")).startswith("CONJUNCTION"):
            yield f"without: {clause} {_text(sql, condition)}", path, _empty(clause)


def _drop(place):
    def change(node):
        rest = [part for number, part in enumerate(node["children"]) if number != place]
        # DuckDB wants two parts of a union at least, so the last one stands for itself.
        return {**node, "children": rest} if len(rest) > 1 else {**rest[0], **_kept(node)}

    return change


def _kept(node):
    return {name: node[name] for name in ("cte_map", "alias") if node.get(name)}


def _empty(clause):
    return lambda node: {**node, clause: None}


def _move(node):
    return {**node, "type": MOVED[node["type"]]}


def _nodes(node, path=()):
    if isinstance(node, dict):
        yield path, node
    items = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in items:
        if isinstance(value, dict | list):
            yield from _nodes(value, (*path, key))


def _at(tree, path):
    for key in path:
        tree = tree[key]
    return tree


def _text(sql, node):
    start, length = _span(node)
    return " ".join(sql[start : start + length].split())


def _span(node):
    """Return where a node's text begins, and how long it is, by all that is in it."""
    spans = [
        (part["query_location"], part["query_location"] + part.get("query_location_length", 0))
        for _, part in _nodes(node)
        if isinstance(part.get("query_location"), int) and part["query_location"] < 1 << 60
    ]
    first = min(start for start, _ in spans)
    return first, max(end for _, end in spans) - first
