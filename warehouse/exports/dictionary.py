"""Data dictionary of the exported tables and columns."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from warehouse.exports.layout import Layout
from warehouse.sql import insert

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import duckdb

NAME = "data_dictionary"
FIELDS = ("table_name", "column_name", "type", "meaning", "grain")


@dataclass(frozen=True, kw_only=True)
class DictionaryRow:
    """One column of one exported table, as in the files."""

    table_name: str
    column_name: str
    type: str
    meaning: str
    grain: str


def dictionary_rows(
    connection: duckdb.DuckDBPyConnection, tables: Iterable[Layout]
) -> list[DictionaryRow]:
    """List every column of every exported table with the comment of the warehouse."""
    meanings = _comments(connection)
    return [
        DictionaryRow(
            table_name=layout.name,
            column_name=exported,
            type=kind.lower(),
            meaning=meanings.get((layout.path, name), ""),
            grain=", ".join(layout.exported(name) for name in layout.grain),
        )
        for layout in tables
        for name, exported, kind in layout.columns
    ]


def dictionary_layout(
    connection: duckdb.DuckDBPyConnection, rows: Sequence[DictionaryRow]
) -> Layout:
    """Write the dictionary as a temporary table, and return its layout."""
    columns = ", ".join(f"{name} varchar" for name in FIELDS)
    connection.execute(f"create or replace temp table {NAME} ({columns})")
    insert(connection, NAME, map(astuple, rows))
    return Layout(
        name=NAME,
        path=f"temp.{NAME}",
        is_by_quarter=False,
        columns=tuple((name, name, "VARCHAR") for name in FIELDS),
        grain=FIELDS[:2],
    )


def dictionary_page(rows: Sequence[DictionaryRow]) -> str:
    """Return the dictionary as a page of Markdown, one section per table."""
    tables = {row.table_name: row.grain for row in rows}
    sections = [
        f"## {table}\n\nOne row per {grain}.\n\n"
        + markdown_table(
            ("column", "type", "meaning"),
            [(r.column_name, r.type, r.meaning) for r in rows if r.table_name == table],
        )
        for table, grain in tables.items()
    ]
    return "# Data dictionary\n\n" + "\n".join(sections)


def markdown_table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of Markdown."""
    lines = [titles, ["---"] * len(titles), *rows]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _comments(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], str]:
    rows = connection.execute(
        "select schema_name || '.' || table_name, column_name, coalesce(comment, '') "
        "from duckdb_columns() where not internal"
    ).fetchall()
    return {(table, column): meaning for table, column, meaning in rows}
