"""Copy of some models, for tests of runs and not of figures."""

from __future__ import annotations

import atexit
import importlib
import shutil
import tempfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import duckdb
import pytest

from warehouse.build.checks import read_checks
from warehouse.build.model import Model, read_models
from warehouse.build.runner import tables_read
from warehouse.build.schemas import KPIS, SCHEMAS
from warehouse.graph.merges import READS
from warehouse.graph.reachability import REACHES
from warehouse.sql import sql_folder

# What a run shows of its figures at its end.
HEADLINE = (
    *("marts.kpi_quarterly", "marts.dim_kpis"),
    *("kpis.commits", "kpis.active_contributors", "kpis.lines_changed", "kpis.lead_time"),
)
# Who finds the models of a build, and who else reads them.
BUILDERS = tuple(
    f"warehouse.build.{name}" for name in ("checks", "model", "runner", "code_version")
)
READERS = (
    *("warehouse.exports.metrics_page", "warehouse.query.presets"),
    *("flows.settings.projects", "flows.cli.explain"),
)


def copy_models(folder, *wanted):
    """Copy the models of some tables, all that they read, and the checks of nothing else."""
    root = sql_folder()
    with duckdb.connect() as connection:
        models = {model.table: model for model in read_models(root)}
        needed = _needed(connection, models, wanted)
        asked = [
            Model(schema="checks", name=c.name, path=c.path, header=None, sql=c.sql)
            for c in read_checks(root)
            if not c.model
        ]
        checks = [c for c in asked if _known(tables_read(connection, c)) <= needed]
    for path in [*(models[table].path for table in needed), *(check.path for check in checks)]:
        _copy(path, folder / path.relative_to(root))
    for path in root.glob("*.toml"):
        _copy(path, folder / path.name)
    return folder


@cache
def models_with(*kpis):
    """Keep a folder with all models but those of other KPIs, for this process; none: of all."""
    if not kpis:
        return sql_folder()
    kept = tempfile.mkdtemp(prefix="quarry-models-")
    atexit.register(shutil.rmtree, kept)
    folder = Path(kept) / "sql"
    shutil.copytree(sql_folder(), folder)
    with duckdb.connect() as connection:
        models = {model.table: model for model in read_models(folder) if model.schema == KPIS}
        needed = [f"{KPIS}.{kpi}" for kpi in kpis]
        for table in needed:
            needed += {*tables_read(connection, models[table])} & models.keys() - {*needed}
    for table in models.keys() - {*needed}:
        models[table].path.unlink()
    return folder


def use_models(folder):
    """Let this process find its models in a folder."""
    for name in BUILDERS:
        importlib.import_module(name).sql_folder = lambda: folder


@contextmanager
def models_of(folder, finders=(*BUILDERS, *READERS)):
    """Let a folder have the models, as long as this holds."""
    with pytest.MonkeyPatch.context() as patch:
        for name in finders:
            patch.setattr(f"{name}.sql_folder", lambda: folder)
        yield


def _needed(connection, models, wanted):
    needed, waiting = set(), [*wanted, *READS]
    while waiting:
        table = waiting.pop()
        made_from = [of for name, (_, of, _) in REACHES.items() if table == f"graph.{name}"]
        if table in models and table not in needed:
            needed.add(table)
            made_from += tables_read(connection, models[table])
        waiting += made_from
    return needed


def _known(tables):
    return {table for table in tables if table.partition(".")[0] in SCHEMAS}


def _copy(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
