"""
How the SQL models become views and tables.

sql/<schema>/<name>.sql is one select that can be pasted into a DuckDB shell. What it reads is
taken from DuckDB's own parser; nothing is declared twice.
"""

# ruff: noqa: S608 - what is put into SQL here is our own names, or quoted
from __future__ import annotations

import json
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from warehouse.comments import describe_models
from warehouse.errors import ModelCycle, ModelFailed
from warehouse.graph import READS as GRAPH_READS
from warehouse.graph import build_graph
from warehouse.header import BY_QUARTER, Header, parse_header
from warehouse.kpis import define, evidence_select, kpis_of, told_units, write_definitions
from warehouse.ledger_projects import TABLE as LEDGER_PROJECTS
from warehouse.ledger_projects import all_projects
from warehouse.raw import describe_raw
from warehouse.reach import REACHES
from warehouse.schemas import KPIS, PUBLIC, SCHEMAS, STAGING, VIEWS
from warehouse.sealed import create_sealed
from warehouse.settings_tables import write_projects, write_settings
from warehouse.sql import literal, quoted_list, sql_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from warehouse.context import Context

# What a text of SQL reads never changes; parsing the same one for every build takes its time.
_READ_BY: dict[str, frozenset[str]] = {}


@dataclass(frozen=True)
class Model:
    """
    One file of sql/: its table, what it says of itself, and its select.

    Shape:   a table that no SQL can make has a function instead, and names what that reads.
    """

    schema: str
    name: str
    path: Path
    header: Header
    sql: str
    compute: Callable[[duckdb.DuckDBPyConnection], None] | None = None
    reads: frozenset[str] = frozenset()

    @property
    def is_view(self) -> bool:
        return self.schema in VIEWS or "made" in self.header.facts

    @property
    def table(self) -> str:
        return f"{self.schema}.{self.name}"


def read_models(folder: Path | None = None) -> list[Model]:
    """List every model, by schema and name."""
    root = folder or sql_folder()
    return [
        _read_model(schema, path)
        for schema in SCHEMAS
        for path in sorted((root / schema).glob("*.sql"))
    ]


def kpi_units() -> dict[str, list[str]]:
    """Name every KPI with what a ledger may call the unit of its figures."""
    return {model.name: told_units(model) for model in kpis_of(read_models())}


def build_models(
    connection: duckdb.DuckDBPyConnection,
    context: Context,
    *,
    known_at: datetime | None = None,
    folder: Path | None = None,
    graph: Callable[[duckdb.DuckDBPyConnection], None] = build_graph,
    only: Iterable[str] | None = None,
) -> None:
    """
    Build everything that follows from the raw tables: settings, staging, graph, and the rest.

    Shape:   staging and kpis are views; with known_at they show what was known then. With only,
             what these tables and all that they read need, without a word on what it means.
    Errors:  ModelFailed names the file, ModelCycle the circle, ContractViolated a column that is
             not described.
    """
    root = folder or sql_folder()
    written = read_models(root)
    kpis = kpis_of(written)
    models = in_order(connection, [*written, *_made_from(written)])
    if only is not None:
        models = _needed(connection, models, only)
    _set_known_at(connection, known_at)
    for schema in ("settings", "graph", *SCHEMAS):
        connection.execute(f"drop schema if exists {schema} cascade")
        connection.execute(f"create schema {schema}")
    create_sealed(connection)
    write_settings(connection, context)
    definitions = [define(model, _needed(connection, models, [model.table])) for model in kpis]
    write_definitions(connection, definitions, root / "reasons.toml")
    _build(connection, [model for model in models if model.schema == STAGING])
    has_ledgers = any(model.table == LEDGER_PROJECTS for model in models)
    write_projects(connection, all_projects(connection, context, has_ledgers=has_ledgers))
    graph(connection)
    _build(connection, [model for model in models if model.schema != STAGING])
    if only is None:
        describe_raw(connection)
        describe_models(connection, models, root / "columns.toml")


def _made_from(written: Sequence[Model]) -> Iterator[Model]:
    """Add what the files call for: the view over the rows of all KPIs, and who reaches whom."""
    kpis, tables = kpis_of(written), {model.table for model in written}
    if kpis:
        header = Header("The rows that each KPI looks at.", (), (), None)
        yield Model(KPIS, "evidence", kpis[0].path.parent, header, evidence_select(kpis))
    for name, (meaning, table, compute) in REACHES.items():
        if table in tables:
            header, path = Header(meaning, (), (), None), Path(__file__)
            yield Model("graph", name, path, header, "", compute, frozenset({table}))


def in_order(connection: duckdb.DuckDBPyConnection, models: Sequence[Model]) -> list[Model]:
    """Sort models so that each stands behind what it reads."""
    _parse(connection, models)
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


def tables_read(connection: duckdb.DuckDBPyConnection, model: Model) -> frozenset[str]:
    """
    Name the tables that a model reads, with their schemas.

    A name without a schema is a CTE's: every table of the warehouse stands in a schema, so a CTE
    may well be called like the table that it imports.
    """
    if model.sql not in _READ_BY:
        _parse(connection, [model])
    return _READ_BY[model.sql]


def _parse(connection: duckdb.DuckDBPyConnection, models: Sequence[Model]) -> None:
    """Note what models read; one question about many takes half as long as one about each."""
    new = [model for model in models if model.sql not in _READ_BY and not model.compute]
    trees = connection.execute(
        "select json_serialize_sql(sql) from (select unnest($1::varchar[]) as sql)",
        [[model.sql for model in new]],
    ).fetchall()
    for model, (tree,) in zip(new, trees, strict=True):
        _READ_BY[model.sql] = _tables_of(model, tree)


def _tables_of(model: Model, tree: str) -> frozenset[str]:
    found: set[str] = set()

    def note(node: dict[str, Any]) -> dict[str, Any]:
        if node.get("type") == "BASE_TABLE" and node["schema_name"]:
            found.add(f"{node['schema_name']}.{node['table_name']}")
        return node

    parsed = json.loads(tree, object_hook=note)
    if parsed["error"]:
        raise ModelFailed(model.path, parsed["error_message"])
    if len(parsed["statements"]) != 1:
        raise ModelFailed(model.path, f"expected one select, found {len(parsed['statements'])}")
    return frozenset(found)


def _read_model(schema: str, path: Path) -> Model:
    sql = path.read_text(encoding="utf-8")
    return Model(schema, path.stem, path, parse_header(path, sql), sql.strip().rstrip(";"))


def _set_known_at(connection: duckdb.DuckDBPyConnection, known_at: datetime | None) -> None:
    value = literal(known_at.isoformat()) if known_at else "null"
    connection.execute(f"set variable known_at = {value}::timestamptz")


def _build(connection: duckdb.DuckDBPyConnection, models: Sequence[Model]) -> None:
    for model in models:
        try:
            if model.compute:
                model.compute(connection)
            else:
                connection.execute(_definition(model))
        except duckdb.Error as error:
            raise ModelFailed(model.path, str(error)) from error


def _definition(model: Model) -> str:
    if model.is_view:
        return f"create view {model.table} as\n{model.sql}\n"
    # Rows of one quarter stand together: they pack better, and reading a quarter skips the rest.
    first = ["quarter"] if model.header.export == BY_QUARTER else []
    order = (*first, *model.header.grain) if model.schema in PUBLIC else ()
    clustered = f"order by {quoted_list(order)}" if order else ""
    return f"create table {model.table} as select * from (\n{model.sql}\n) {clustered}"
