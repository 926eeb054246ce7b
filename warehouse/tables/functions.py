"""
SQL functions that models share.

DuckDB compiles a pattern that is a column again for every row, which takes a thousand times longer
than a constant one. So the patterns are in the functions. A model that calls one also reads the
table of its patterns, so that a changed pattern rebuilds it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.sql import literal

if TYPE_CHECKING:
    import duckdb

    from warehouse.context import Context

RENAMED = """
    create or replace macro settings.renamed(names, new_names) as (
        case
            when new_names is null then names
            else to_json(list_sort(list_transform(
                from_json(names, '["varchar"]'), lambda name: coalesce(new_names[name], name)
            )))::varchar
        end
    )
"""
# Of several copies of one thing, the first counts: where any other one counts alone.
COUNTS_IN = """
    create or replace macro settings.counts_in(copied, project, source, precedence) as (
        case
            when source != first_value(source) over (
                partition by project, copied order by precedence
            ) then 'repository'
            when source != first_value(source) over (partition by copied order by precedence)
                then 'repository_and_project'
        end
    )
"""


def write_functions(connection: duckdb.DuckDBPyConnection, context: Context) -> None:
    """
    Create settings.identity_rule_of(text), discloses_ai(text), renamed and counts_in.

    Shape:   the number of the first rule that matches a line of the text, or null; a boolean; a
             JSON array of names with those replaced that a map renames; the scopes in which a
             row counts that is in several repositories, or null for all.
    """
    rules = [(number, rule.pattern) for number, rule in enumerate(context.identity_rules, 1)]
    cases = " ".join(f"when {_matches(pattern)} then {number}" for number, pattern in rules)
    found = f"case {cases} end" if rules else "null::integer"
    marks = " or ".join(map(_matches, context.ai_marks)) or "false"
    _create(connection, "identity_rule_of", found)
    _create(connection, "discloses_ai", marks)
    connection.execute(RENAMED)
    connection.execute(COUNTS_IN)


def _create(connection: duckdb.DuckDBPyConnection, name: str, expression: str) -> None:
    connection.execute(f"create or replace macro settings.{name}(checked_text) as ({expression})")


def _matches(pattern: str) -> str:
    return f"regexp_matches(checked_text, {literal(f'(?im){pattern}')})"
