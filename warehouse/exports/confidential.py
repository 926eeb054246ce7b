"""Hide the texts of confidential issues in exports. Rows and counts stay."""

# ruff: noqa: S608 - what is put into SQL here is our own names, or quoted
from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.sql import literal, quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import duckdb

# What people wrote, and who they are.
HIDDEN_COLUMNS = frozenset(
    {
        *("title", "labels", "milestone_title", "label", "attribute_value"),
        *("author_login", "assignees", "closed_by_login", "first_response_login"),
        *("actor_login", "subject_login", "old_value", "new_value"),
    }
)
# A text that identifies a row is replaced by a number of its own.
_NUMBERED = "confidential "
_NUMBER, _ITEM = "issue_number", {"item_kind", "item_number"}


def is_shown(connection: duckdb.DuckDBPyConnection) -> bool:
    """Return whether the settings of the build show confidential issues."""
    row = connection.execute("select is_confidential_shown from settings.exports").fetchone()
    return row is None or bool(row[0])


def rows_without_text(table: str, columns: Collection[str], grain: Sequence[str]) -> str | None:
    """Return a select of a table without the texts of confidential issues; None if it has none."""
    hidden = [name for name in columns if name in HIDDEN_COLUMNS]
    of_issue = _of_issue(columns)
    if not hidden or of_issue is None:
        return None
    replaced = ", ".join(f"{_without(name, grain)} as {quoted(name)}" for name in hidden)
    return (
        f"(select shown.* replace ({replaced}) from {table} as shown "
        "left join (select tracker_source, issue_number from facts.issues where is_confidential) "
        f"as confidential on shown.tracker_source = confidential.tracker_source and {of_issue})"
    )


def _of_issue(columns: Collection[str]) -> str | None:
    if "tracker_source" not in columns:
        return None
    if _NUMBER in columns:
        return f"shown.{_NUMBER} = confidential.{_NUMBER}"
    if set(columns) >= _ITEM:
        return f"shown.item_kind = 'issue' and shown.item_number = confidential.{_NUMBER}"
    return None


def _without(name: str, grain: Sequence[str]) -> str:
    value = "null"
    if name in grain:
        before = ", ".join(f"shown.{other}" for other in grain[: grain.index(name)])
        rank = f"dense_rank() over (partition by {before} order by shown.{name})"
        value = f"{literal(_NUMBERED)} || {rank}"
    return f"if(confidential.{_NUMBER} is null, shown.{name}, {value})"
