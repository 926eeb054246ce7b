"""Compare incremental builds with fresh ones, night after night."""

from __future__ import annotations

import duckdb
import pytest

from flows.run.publish import publish
from flows.settings.workspace import open_workspace
from miners.store import KEY_FILE, sha256_of
from tests.support.git.changing_world import ChangingWorld
from tests.support.running.examples import IS_LONG
from tests.support.running.no_progress import NoProgress
from warehouse.build import incremental
from warehouse.calendar import quarters
from warehouse.seals.write import draft_seal, keep_seal

SEEDS = (3,)
NIGHTS, SEALED_AFTER = 5, {1}
COMPARED_AFTER = {2, 4} if IS_LONG else {4}
TABLES = """
    select distinct schema_name || '.' || table_name from duckdb_columns()
    where database_name = '{0}' and schema_name not in ('meta', 'main') and not internal
"""
COMMENTS = """
    select schema_name, table_name, null, comment from duckdb_tables()
    where database_name = '{0}' and schema_name != 'meta'
    union all
    select schema_name, view_name, null, comment from duckdb_views()
    where database_name = '{0}' and not internal
    union all
    select schema_name, table_name, column_name, comment from duckdb_columns()
    where database_name = '{0}' and schema_name != 'meta' and not internal
    order by all
"""


@pytest.fixture(autouse=True)
def every_table_is_large(monkeypatch):
    """What is done for large tables is done for all."""
    monkeypatch.setattr(incremental, "LARGE_ROWS", 0)


@pytest.fixture
def replaced(monkeypatch):
    """Name the tables of which some sources' rows were replaced."""
    tables, replace = [], incremental.Build._replace
    monkeypatch.setattr(
        incremental.Build, "_replace", lambda *asked: (tables.extend(asked[1]), replace(*asked))
    )
    return tables


def exported(home):
    current = home.exports / "current"
    files = (path for path in current.rglob("*") if path.is_file())
    return {
        path.relative_to(current).as_posix(): sha256_of(path)
        for path in files
        if path.name != "manifest.json"
    }


def differences(left, right):
    """Name the tables whose rows differ, with the first rows that only one of the files has."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{left}' as l (read_only); attach '{right}' as r (read_only)")
        names, comments = (
            [connection.execute(text.format(side)).fetchall() for side in "lr"]
            for text in (TABLES, COMMENTS)
        )
        assert set(names[0]) == set(names[1])
        assert comments[0] == comments[1]
        found = {}
        for (table,) in sorted(names[0]):
            for one, other in ("lr", "rl"):
                only = f"from {one}.{table} except all from {other}.{table} limit 3"
                # A view names what it reads without its file.
                connection.execute(f"use {one}")
                rows = connection.execute(only).fetchall()
                if rows:
                    found[f"{table}, only {one}"] = rows
    return found


def fresh_build(world, home):
    """Build what is mined and sealed as if there had been no night before."""
    home.mkdir()
    for name in ("store", "seals", KEY_FILE):
        (home / name).symlink_to(world.home.path / name)
    fresh = open_workspace(None, home)
    publish(fresh, world.context, NoProgress())
    return fresh


def seal_last_quarter(world, workspace):
    last = [q for q in quarters(world.context.calendar) if q.ends_at <= world.now][-1]
    of_store = {"sealed_at": world.now, "store_hash": "of the store"}
    keep_seal(draft_seal(workspace.warehouse, workspace.seals, last, **of_store))


@pytest.mark.parametrize("seed", SEEDS)
def test_an_incremental_build_gives_what_a_fresh_one_gives(seed, tmp_path, replaced):
    world, told = ChangingWorld.make(tmp_path, seed), []
    world.begin()
    going_on = open_workspace(None, world.home.path)
    for night in range(NIGHTS):
        told.append(world.next_night() if night else ["begin"])
        publish(going_on, world.context, NoProgress())
        if night in SEALED_AFTER:
            seal_last_quarter(world, going_on)
        if night in COMPARED_AFTER:
            fresh = fresh_build(world, tmp_path / f"fresh-{night}")
            assert differences(going_on.warehouse, fresh.warehouse) == {}, told
            assert exported(going_on) == exported(fresh), told
    assert len(replaced) > NIGHTS
