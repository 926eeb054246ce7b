"""Reading of every table and view with each supported client of DuckDB."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.support.rows.kept_ledgers import SEOUL, kept
from tests.support.rows.row_histories import build
from warehouse.build.build_file import building, swap_in

# Folders with another DuckDB each, as .ci/run installs them.
CLIENTS = [path for path in os.environ.get("QUARRY_OTHER_DUCKDB", "").split(os.pathsep) if path]
# What releases of DuckDB store in a file each in a way that others do not read.
UNPORTABLE = re.compile(r'"if"\(|\b(?:lag|lead)\([^()]*,', re.IGNORECASE)
READ_ALL = """
import json, sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
unread, relations = {}, connection.execute(
    "select table_schema, table_name from information_schema.tables where table_catalog = "
    "current_database()"
).fetchall()
for schema, name in relations:
    try:
        connection.execute(f'select * from "{schema}"."{name}"').fetchall()
    except duckdb.Error as error:
        unread[f"{schema}.{name}"] = str(error)
print(json.dumps([duckdb.__file__, len(relations), unread]))
"""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """Build every model, and the KPI whose evidence is asked for most, into a file."""
    home = tmp_path_factory.mktemp("home")
    kept(home, tasks="task,project,planned_on\nT-1,web,2024-01-02")
    path = home / "quarry.duckdb"
    with building(path) as connection:
        build(
            home / "store",
            SEOUL,
            connection=connection,
            is_checked=False,
            kpis=("project_completion_rate", "lead_time"),
        )
    swap_in(path)
    return path


def relations_read(warehouse, client):
    """Read everything as a client does: its place, the number of relations, those unread."""
    done = subprocess.run(
        [sys.executable, "-c", READ_ALL, str(warehouse)],
        env={"PYTHONPATH": client},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_views_have_nothing_that_only_one_release_stores_so(warehouse):
    with duckdb.connect(warehouse, read_only=True) as connection:
        views = connection.execute(
            "select schema_name || '.' || view_name, sql from duckdb_views() where not internal"
        ).fetchall()

    assert len(views) > 50
    assert [name for name, sql in views if UNPORTABLE.search(sql)] == []


@pytest.mark.parametrize("client", CLIENTS, ids=[Path(client).name for client in CLIENTS])
def test_other_clients_read_every_table_and_view(warehouse, client):
    _, count, here = relations_read(warehouse, "")
    place, read, unread = relations_read(warehouse, client)

    assert Path(place).is_relative_to(client)
    assert (here, unread) == ({}, {})
    assert read == count > 150
