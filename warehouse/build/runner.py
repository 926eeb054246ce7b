"""
Build the SQL models as views and tables, in dependency order.

sql/<schema>/<subject>/<name>.sql is one select that can be pasted into a DuckDB shell. The subject
is for readers only. Dependencies come from DuckDB's own parser; none is declared.
"""

# ruff: noqa: S608 - what is put into SQL here is our own names, or quoted
from __future__ import annotations

from functools import partial
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

import duckdb

from warehouse.build.code_version import program_hash
from warehouse.build.comments import describe_inputs, describe_models
from warehouse.build.dependencies import parse, proof_of, tables_read
from warehouse.build.generated import generated_models
from warehouse.build.header import BY_QUARTER
from warehouse.build.incremental import begin_build, is_input
from warehouse.build.kpi_definitions import define, kpis_of, write_definitions
from warehouse.build.macros import write_macros
from warehouse.build.model import Model, read_models
from warehouse.build.schemas import SCHEMAS, VIEWS
from warehouse.build.table_columns import create_table, keep_columns
from warehouse.build.table_hashes import tables_of
from warehouse.errors import ModelCycle, ModelFailed
from warehouse.graph.merges import READS as GRAPH_READS
from warehouse.graph.merges import TABLES as GRAPH_TABLES
from warehouse.graph.merges import build_graph
from warehouse.sql import is_own, literal, quoted_list, sql_folder
from warehouse.tables.projects import TABLE as LEDGER_PROJECTS
from warehouse.tables.projects import all_projects
from warehouse.tables.renamed_projects import rename_sealed_projects
from warehouse.tables.sealed import create_sealed
from warehouse.tables.settings import write_projects, write_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import datetime
    from pathlib import Path

    from warehouse.build.incremental import Build
    from warehouse.context import Context

    # For all sources, or for some whose rows were deleted.
    Compute = Callable[[duckdb.DuckDBPyConnection, Collection[str] | None], None]


def build_models(
    connection: duckdb.DuckDBPyConnection,
    context: Context,
    *,
    known_at: datetime | None = None,
    folder: Path | None = None,
    graph: Callable[..., None] = build_graph,
    only: Iterable[str] | None = None,
    watched: Callable[[Sequence[Model]], Iterable[Model]] = iter,
) -> Build:
    """
    Build all tables that derive from the raw tables: settings, staging, graph and the models.

    Shape:   staging models are views, with known_at of the versions known then. With only, just
             these and their inputs are built, without comments; else the build is incremental.
             watched passes the models on, as they are built.
    Errors:  ModelFailed, ModelCycle; ContractViolated for a column that is not described.
    """
    root = folder or sql_folder()
    written = read_models(root)
    kpis = kpis_of(written)
    models = in_order(connection, [*written, *generated_models(connection, written)])
    if only is not None:
        models = _needed(connection, models, only)
    build = begin_build(connection, program_hash(root), goes_on=not (only or known_at))
    _set_known_at(connection, known_at)
    _empty(connection, ("settings", "graph", *SCHEMAS) if build.is_new else ())
    create_sealed(connection)
    write_settings(connection, context)
    definitions = [define(model, _needed(connection, models, [model.table])) for model in kpis]
    write_definitions(connection, definitions, root / "reasons.toml")
    _make_staging(connection, context, models, build)
    _compare_inputs(connection, models, build)
    _make_graph(connection, graph, build)
    _make_all(connection, watched([m for m in models if m.schema not in VIEWS]), build)
    if build.is_new:
        write_macros(connection, root, is_whole=only is None)
    if only is None:
        _describe(connection, models, build, root)
    return build


def _describe(
    connection: duckdb.DuckDBPyConnection, models: Sequence[Model], build: Build, root: Path
) -> None:
    if build.is_new:
        describe_inputs(connection)
    created = [model for model in models if model.table in build.created]
    describe_models(connection, created, root / "columns.toml")
    if is_own(root):
        keep_columns(build.program)


def in_order(connection: duckdb.DuckDBPyConnection, models: Sequence[Model]) -> list[Model]:
    """Sort models so that each follows its inputs."""
    parse(connection, [model for model in models if not model.compute])
    by_table = {model.table: model for model in models}
    reads = {
        table: sorted(_reads(connection, model) & by_table.keys())
        for table, model in by_table.items()
    }
    try:
        return [by_table[table] for table in TopologicalSorter(reads).static_order()]
    except CycleError as error:
        raise ModelCycle(error.args[1]) from error


def _needed(
    connection: duckdb.DuckDBPyConnection, models: Sequence[Model], only: Iterable[str]
) -> list[Model]:
    wanted = GRAPH_READS.union(only, [LEDGER_PROJECTS])
    for model in reversed(models):
        if model.table in wanted:
            wanted |= _reads(connection, model)
    return [model for model in models if model.table in wanted]


def _reads(connection: duckdb.DuckDBPyConnection, model: Model) -> frozenset[str]:
    return model.reads if model.compute else tables_read(connection, model)


def _set_known_at(connection: duckdb.DuckDBPyConnection, known_at: datetime | None) -> None:
    value = literal(known_at.isoformat()) if known_at else "null"
    connection.execute(f"set variable known_at = {value}::timestamptz")


def _empty(connection: duckdb.DuckDBPyConnection, schemas: Iterable[str]) -> None:
    for schema in schemas:
        connection.execute(f"drop schema if exists {schema} cascade")
        connection.execute(f"create schema {schema}")


def _make_all(connection: duckdb.DuckDBPyConnection, models: Iterable[Model], build: Build) -> None:
    for model in models:
        try:
            _make(connection, model, build)
        except duckdb.Error as error:
            raise ModelFailed(model.path, str(error)) from error


def _make_staging(
    connection: duckdb.DuckDBPyConnection, context: Context, models: Sequence[Model], build: Build
) -> None:
    """
    Create the views over raw tables, then the projects, some of which ledgers name.

    The few tables among them are created with the views in a first build, and later once the
    changes of the raw tables are known.
    """
    staging = [model for model in models if model.schema in VIEWS]
    _make_all(connection, [m for m in staging if build.is_first or m.is_view], build)
    has_ledgers = any(model.table == LEDGER_PROJECTS for model in models)
    write_projects(connection, all_projects(connection, context, has_ledgers=has_ledgers))
    if has_ledgers:
        rename_sealed_projects(connection)


def _compare_inputs(
    connection: duckdb.DuckDBPyConnection, models: Sequence[Model], build: Build
) -> None:
    """Find what changed since the last build, and rebuild the tables among the staging models."""
    if not build.is_first:
        build.compare_inputs()
        _make_all(connection, [m for m in models if m.schema in VIEWS and not m.is_view], build)


def _make(connection: duckdb.DuckDBPyConnection, model: Model, build: Build) -> None:
    reads = _reads(connection, model)
    if not model.is_view:
        selects = [f"from {table}" for table in sorted(reads)] if model.compute else [model.sql]
        write = partial(_write, connection, model, build)
        build.make((model.table,), reads, selects, write, is_slow=model.compute is not None)
        return
    build.views[model.table] = reads
    build.view_proofs[model.table] = proof_of(connection, model)
    if model.narrowed:
        build.narrowed[model.table] = model.narrowed(build.was_and_is_empty)
    if model.narrowed or build.is_new:
        select = build.narrowed.get(model.table, model.sql)
        connection.execute(f"create or replace view {model.table} as\n{select}\n")
        build.made.add(model.table)
        build.created.add(model.table)


def _make_graph(
    connection: duckdb.DuckDBPyConnection, graph: Callable[..., None], build: Build
) -> None:
    selects = [f"from {table}" for table in sorted(GRAPH_READS)]
    build.make(GRAPH_TABLES, GRAPH_READS, selects, partial(graph, connection), is_slow=True)
    if build.is_first:
        known = (t for t in tables_of(connection) if is_input(t) or t in GRAPH_TABLES)
        build.look_for_rows(known)


def _write(
    connection: duckdb.DuckDBPyConnection,
    model: Model,
    build: Build,
    sources: Collection[str] | None = None,
) -> None:
    """Write the rows of all sources, or add those of some whose rows were deleted."""
    if model.compute:
        model.compute(connection, sources)
        if sources is None:
            build.created.add(model.table)
        if build.is_first:
            build.look_for_rows([model.table])
    elif sources is None:
        build.note_rows(model.table, _write_all(connection, model, build))
    else:
        # One at a time: DuckDB does not push a filter on several sources through all joins.
        for source in sources:
            chosen = f"where source = {literal(source)}"
            connection.execute(f"insert into {model.table} {_rows(model, chosen)}")


def _write_all(connection: duckdb.DuckDBPyConnection, model: Model, build: Build) -> int:
    """Write the rows of all sources and return how many there are."""
    if proof_of(connection, model)(build.is_empty):
        if not build.is_bare(model.table):
            create_table(connection, model.table, model.sql, build.program)
            build.created.add(model.table)
        return 0
    if build.is_bare(model.table):
        written = connection.execute(f"insert into {model.table} {_rows(model)}")
    else:
        written = connection.execute(f"create or replace table {model.table} as {_rows(model)}")
        build.created.add(model.table)
    return int(written.fetchall()[0][0])


def _rows(model: Model, chosen: str = "") -> str:
    # Rows are clustered by quarter: they compress better and a quarter reads fewer blocks.
    first = ["quarter"] if model.header.export == BY_QUARTER else []
    order = (*first, *model.header.grain) if model.is_public else ()
    clustered = f"order by {quoted_list(order)}" if order else ""
    return f"select * from (\n{model.sql}\n) {chosen} {clustered}"
