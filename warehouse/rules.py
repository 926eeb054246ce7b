"""Rules: patterns over labels, titles, branches, paths and tags."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import duckdb

from warehouse.errors import SettingsRefused

# These take a regular expression; all others a pattern in which * matches any text.
EXPRESSIONS = frozenset({"incident_titles", "hotfix_titles", "test_titles"})
# These are case-sensitive.
EXACT = frozenset({"paths", "branches"})
# A path of these matches at any depth, unless the pattern begins with /. Matchers are for "/" and
# the path.
AT_ANY_DEPTH = frozenset({"generated"})
_FOLDERS = frozenset({"paths"}) | AT_ANY_DEPTH
# A type with a sign before it is excluded, which is a rule of its own.
TYPES, LEFT_OUT_TYPES, EXCLUDED = "issue_types", "left_out_types", "!"
# These select a part of a repository.
PARTS = frozenset({"paths", "branches", "labels"})


@dataclass(frozen=True)
class Rule:
    """One pattern of one rule; matcher is its form in SQL."""

    rule: str
    pattern: str
    matcher: str


def rule(name: str, pattern: str) -> Rule:
    """
    Return the rule of a pattern as users write it.

    Shape:   a GLOB over lower-case text for names, over the exact text for paths and branches; a
             path that ends in / matches all below it. Those of AT_ANY_DEPTH are for "/" and the
             lower-case path. An RE2 expression for titles, without case.
    Errors:  SettingsRefused for an invalid RE2 expression.
    """
    if name in EXPRESSIONS:
        return Rule(name, pattern, _expression(name, pattern))
    if name == TYPES and pattern.startswith(EXCLUDED):
        return Rule(LEFT_OUT_TYPES, pattern, _glob(pattern.removeprefix(EXCLUDED).lower()))
    text = pattern if name in EXACT else pattern.lower()
    above = "*/" if name in AT_ANY_DEPTH and not text.startswith("/") else ""
    below = "*" if name in _FOLDERS and text.endswith("/") else ""
    return Rule(name, pattern, above + _glob(text) + below)


def _glob(text: str) -> str:
    return text.replace("[", "[[]")


@cache
def expression_problem(pattern: str) -> str | None:
    """Return what is wrong with a regular expression and what to do; None for a valid one."""
    try:
        with duckdb.connect() as connection:
            connection.execute("select regexp_matches('', $1)", [pattern])
    except duckdb.Error as error:
        return (
            f"{pattern!r} is not a regular expression: {error}. Correct it, or write \\ before "
            "each sign that stands for itself."
        )
    return None


def _expression(name: str, pattern: str) -> str:
    if problem := expression_problem(pattern):
        raise SettingsRefused(f"{name}: {problem}")
    return f"(?i){pattern}"
