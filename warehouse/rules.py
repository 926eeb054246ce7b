"""What names and titles mean in a project: labels, types, branches, paths, environments, tags."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from warehouse.errors import SettingsRefused

# These take a regular expression; all others a pattern in which * stands for any text.
EXPRESSIONS = frozenset({"incident_titles", "hotfix_titles", "test_titles"})
# Upper and lower case differ in them.
EXACT = frozenset({"paths", "branches"})
# A part of a repository is what these choose of it.
PARTS = frozenset({"paths", "branches", "labels"})


@dataclass(frozen=True)
class Rule:
    """One pattern of one rule; matcher is what SQL compares with."""

    rule: str
    pattern: str
    matcher: str


def rule(name: str, pattern: str) -> Rule:
    """
    Make a rule of a pattern as people write it.

    Shape:   of names a GLOB over lower-case text, over the text itself for paths and branches; a
             path that ends in / is all below it. Of titles an RE2 expression; case does not matter.
    Errors:  SettingsRefused for an expression that RE2 does not know.
    """
    if name in EXPRESSIONS:
        return Rule(name, pattern, _expression(name, pattern))
    text = pattern if name in EXACT else pattern.lower()
    below = "*" if name == "paths" and text.endswith("/") else ""
    return Rule(name, pattern, text.replace("[", "[[]") + below)


def _expression(name: str, pattern: str) -> str:
    matcher = f"(?i){pattern}"
    try:
        with duckdb.connect() as connection:
            connection.execute("select regexp_matches('', $1)", [matcher])
    except duckdb.Error as error:
        raise SettingsRefused(
            f"{name}: {pattern!r} is not a regular expression: {error}. Correct it, or write \\ "
            "before each sign that stands for itself."
        ) from error
    return matcher
