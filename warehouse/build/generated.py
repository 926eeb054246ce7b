"""Generate the models that have no file of their own."""

# ruff: noqa: S608 - our own names
from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.build.dependencies import parse, tables_read
from warehouse.build.header import Header
from warehouse.build.kpi_definitions import evidence_select, kpis_of
from warehouse.build.model import AS_A_VIEW, Model
from warehouse.build.schemas import KPIS, RAW
from warehouse.graph.reachability import COMMITS, REACHES
from warehouse.tables.raw_views import raw_views

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import duckdb

VIEW = {"made": AS_A_VIEW}
FORMERLY = "formerly"


def generated_models(
    connection: duckdb.DuckDBPyConnection, written: Sequence[Model]
) -> Iterator[Model]:
    """Yield the models without a file: all evidence, former names, reachability, raw views."""
    kpis, tables = kpis_of(written), {model.table for model in written}
    if kpis:
        yield Model(
            schema=KPIS,
            name="evidence",
            path=kpis[0].path.parent,
            header=_header("The evidence rows of all KPIs.", VIEW),
            sql=evidence_select(kpis),
            # Each KPI costs every query of its evidence time to plan, and most have no rows.
            narrowed=lambda is_empty: evidence_select([k for k in kpis if not is_empty(k.table)]),
        )
    yield from (_former(model) for model in written if FORMERLY in model.header.facts)
    for name, (meaning, table, compute) in REACHES.items():
        if table in tables:
            yield Model(
                schema="graph",
                name=name,
                path=Path(__file__),
                header=_header(meaning),
                sql="",
                compute=compute,
                reads=frozenset({table, COMMITS}),
            )
    yield from raw_view_models(connection, written)


def raw_view_models(
    connection: duckdb.DuckDBPyConnection, written: Sequence[Model]
) -> Iterator[Model]:
    """Yield the views over raw tables that some models read."""
    views = [
        Model(
            schema=RAW,
            name=view.name,
            path=Path(__file__),
            header=_header(view.meaning, VIEW),
            sql=view.sql,
        )
        for view in reversed(list(raw_views()))
    ]
    parse(connection, [*written, *views])
    reads = {table for model in written for table in tables_read(connection, model)}
    for model in views:
        if model.table in reads:
            reads |= tables_read(connection, model)
            yield model


def _former(model: Model) -> Model:
    """Return a view of a table by its name in the last release."""
    schema, _, name = model.header.facts[FORMERLY].partition(".")
    return Model(
        schema=schema,
        name=name,
        path=model.path,
        header=_header(f"The former name of {model.table}.", VIEW),
        sql=f"select * from {model.table}",
    )


def _header(title: str, facts: Mapping[str, str] | None = None) -> Header:
    return Header(title=title, prose=(), grain=(), export=None, facts=facts or {})
