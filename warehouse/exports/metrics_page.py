"""docs/METRICS.md: every figure with the SQL that computes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from warehouse.build.header import WHOLE
from warehouse.build.model import read_models
from warehouse.build.runner import build_models
from warehouse.build.schemas import KPIS, MARTS
from warehouse.context import Context
from warehouse.exports.dictionary import dictionary_rows, markdown_table
from warehouse.exports.layout import FILE, layouts
from warehouse.graph.merges import build_graph
from warehouse.query.figures import read_kpis
from warehouse.query.preset_entries import PRESETS, preset_entries
from warehouse.sql import sql_folder
from warehouse.tables.raw import create_raw

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from warehouse.build.model import Model
    from warehouse.exports.dictionary import DictionaryRow
    from warehouse.query.figures import Kpi

INTRODUCTION = """# Metrics

What every figure means: first the KPIs, then the reasons for which a row counts or does not, then
the tables that hold the figures. Each is one file of SQL, and this page is made from them. Names
are those of the exported files; in the warehouse `quarter_label` is called `quarter`.

`quarry explain KPI QUARTER` shows the rows behind a figure, `quarry kpi` all figures of a year.
"""
REASONS = """
    select reason, meaning, meaning_ko, if(is_gap, 'yes', '')
    from marts.dim_reasons order by reason != 'counted', reason
"""
SYSTEMS = """## Other systems

`quarry compare` shows the figures of these systems next to ours, made from the same rows. Where a
system publishes values in its own tests or documents, the tests of Quarry compare its preset with
them.

"""
# How the rows of a KPI become a figure.
KINDS = {
    "count": "how many rows count",
    "sum": "the sum of the rows' values",
    "distinct": "how many different subjects count",
    "ratio": "the sum of the numerators by that of the denominators",
    "mean": "the mean of the rows' values",
    "median": "the median of the rows' values, interpolated",
    "longest": "the largest of the rows' values",
    "half": "how few subjects make half of the values",
}
# Without rows these are zero once their data is mined; the others are no data.
AMOUNTS = ("count", "sum", "distinct")


def metrics_page(
    folder: Path | None = None,
    *,
    graph: Callable[[duckdb.DuckDBPyConnection], None] = build_graph,
) -> str:
    """
    Return docs/METRICS.md from the headers of KPIs and marts and the descriptions of columns.

    Shape:   the KPIs, the reasons, and one section per mart with its header, columns and SQL.
    """
    root = folder or sql_folder()
    models = read_models(root)
    # Only DuckDB knows the columns of a select: they are read from an empty warehouse.
    with duckdb.connect() as connection:
        create_raw(connection)
        build_models(connection, Context(), folder=root, graph=graph)
        rows = dictionary_rows(connection, layouts(connection, models))
        kpis = _kpis(connection, root, models)
    sections = [
        _mart(model, [row for row in rows if row.table_name == model.name], root)
        for model in models
        if model.schema == MARTS
    ]
    return "\n".join([INTRODUCTION, *kpis, *_systems(root), *sections])


def _kpis(connection: duckdb.DuckDBPyConnection, root: Path, models: Sequence[Model]) -> list[str]:
    links = {model.name: _link(model, root) for model in models if model.schema == KPIS}
    if not links:
        return []
    kpis, reasons = read_kpis(connection), connection.execute(REASONS).fetchall()
    overview = markdown_table(
        ("KPI", "title", "in Korean", "unit", "figure", "better"),
        [
            (f"[{k.kpi}](#{k.kpi})", k.title, k.title_ko or "", k.unit, k.kind, k.better)
            for k in kpis
        ],
    )
    return [
        f"## KPIs\n\n{overview}",
        *(_kpi(kpi, links[kpi.kpi]) for kpi in kpis),
        "## Reasons\n\nA gap is a row that should count, of which not enough is known: "
        "coverage is the share of the others.\n\n"
        + markdown_table(("reason", "meaning", "in Korean", "gap"), reasons),
    ]


def _systems(root: Path) -> list[str]:
    if not (root / PRESETS).is_file():
        return []
    systems = [
        (entry["name"], entry["imitates"], entry["published"])
        for entry in preset_entries(root).values()
    ]
    return [SYSTEMS + markdown_table(("system", "imitated", "compared with"), systems)]


def _kpi(kpi: Kpi, link: str) -> str:
    unit = "" if kpi.kind == "ratio" else f", in {kpi.unit}"
    end = ", as it is at the quarter's end" if kpi.span == "quarter_end" else ""
    titles = " · ".join((f"**{kpi.title}**", *kpi.titles[1:]))
    way = "neither way is better" if kpi.better == "neither" else f"{kpi.better} is better"
    none = "zero" if kpi.kind in AMOUNTS else "no data"
    figure = f"Figure: {KINDS[kpi.kind]}{unit}{end}; {way}. Without rows it is {none}."
    paragraphs = [
        f"### {kpi.kpi}",
        f"{titles}. {kpi.answers}",
        kpi.judgement,
        f"Bias: {kpi.known_bias}" if kpi.known_bias else "",
        f"{figure} Version {kpi.version}, {link}.\n",
    ]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _mart(model: Model, rows: Sequence[DictionaryRow], root: Path) -> str:
    header = model.header
    folder = f"{model.name}/" if header.export == WHOLE else f"{model.name}/quarter=…/"
    facts = (
        f"One row per {rows[0].grain}. Computed by {_link(model, root)}, "
        f"exported as `{folder}{FILE}`."
    )
    columns = markdown_table(
        ("column", "type", "meaning"), [(r.column_name, r.type, r.meaning) for r in rows]
    )
    return "\n\n".join([f"## {model.name}", header.title, *header.prose, facts, columns])


def _link(model: Model, root: Path) -> str:
    sql = f"sql/{model.path.relative_to(root).as_posix()}"
    return f"[{sql}](../{sql})"
