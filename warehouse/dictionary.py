"""What every published table and column means: for readers of the exports and of the docs."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

import duckdb

from warehouse.context import Context
from warehouse.graph import build_graph
from warehouse.header import WHOLE
from warehouse.layout import FILE, Layout, layouts
from warehouse.models import build_models, read_models
from warehouse.raw import create_raw
from warehouse.sql import literal, sql_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from warehouse.models import Model

NAME = "data_dictionary"
METRICS_INTRODUCTION = """# Metrics

Every figure is a column of a mart, and every mart is one file of SQL. This page is made from them.
Names are those of the exported files; in the warehouse `quarter_label` is called `quarter`.
"""
FIELDS = ("table_name", "column_name", "type", "meaning", "grain")


@dataclass(frozen=True)
class DictionaryRow:
    """One column of one exported table, as it stands in the files."""

    table_name: str
    column_name: str
    type: str
    meaning: str
    grain: str


def dictionary_rows(
    connection: duckdb.DuckDBPyConnection, folder: Path | None = None
) -> list[DictionaryRow]:
    """List every column of every exported table, with what the warehouse's comments say."""
    meanings = _comments(connection)
    return [
        DictionaryRow(
            layout.name,
            exported,
            kind.lower(),
            meanings.get((layout.path, name), ""),
            ", ".join(layout.exported(name) for name in layout.grain),
        )
        for layout in layouts(connection, read_models(folder))
        for name, exported, kind in layout.columns
    ]


def dictionary_layout(rows: Sequence[DictionaryRow]) -> Layout:
    """Lay out the dictionary as a table like the others."""
    values = ", ".join(f"({', '.join(map(literal, astuple(row)))})" for row in rows)
    return Layout(
        NAME,
        f"(values {values}) as {NAME} ({', '.join(FIELDS)})",
        is_by_quarter=False,
        columns=tuple((name, name, "VARCHAR") for name in FIELDS),
        grain=FIELDS[:2],
    )


def dictionary_page(rows: Sequence[DictionaryRow]) -> str:
    """Write the dictionary as a page of Markdown, one section per table."""
    tables = {row.table_name: row.grain for row in rows}
    sections = [
        f"## {table}\n\nOne row per {grain}.\n\n"
        + _table(
            ("column", "type", "meaning"),
            [(r.column_name, r.type, r.meaning) for r in rows if r.table_name == table],
        )
        for table, grain in tables.items()
    ]
    return "# Data dictionary\n\n" + "\n".join(sections)


def metrics_page(
    folder: Path | None = None,
    *,
    graph: Callable[[duckdb.DuckDBPyConnection], None] = build_graph,
) -> str:
    """
    Write docs/METRICS.md from the headers of the marts and the meanings of their columns.

    Shape:   one section per mart: what it is, its judgement calls, grain, columns, its SQL.
    """
    root = folder or sql_folder()
    marts = [model for model in read_models(root) if model.schema == "marts"]
    # Only DuckDB knows the columns of a select: an empty warehouse tells them.
    with duckdb.connect() as connection:
        create_raw(connection)
        build_models(connection, Context(), folder=root, graph=graph)
        rows = dictionary_rows(connection, root)
    sections = [_metric(model, [r for r in rows if r.table_name == model.name]) for model in marts]
    return "\n".join([METRICS_INTRODUCTION, *sections])


def _metric(model: Model, rows: Sequence[DictionaryRow]) -> str:
    header = model.header
    folder = f"{model.name}/" if header.export == WHOLE else f"{model.name}/quarter=…/"
    sql = f"sql/{model.schema}/{model.path.name}"
    facts = (
        f"One row per {rows[0].grain}. Computed by [{sql}](../{sql}), exported as `{folder}{FILE}`."
    )
    columns = _table(
        ("column", "type", "meaning"), [(r.column_name, r.type, r.meaning) for r in rows]
    )
    return "\n\n".join([f"## {model.name}", header.title, *header.prose, facts, columns])


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
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
