"""Test building and replacing the warehouse file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.support.rows.memory_homes import ref
from warehouse.build import build_file
from warehouse.build.build_file import building, building_path, swap_in
from warehouse.connection import open_for_reading
from warehouse.errors import WarehouseError, WarehouseMissing
from warehouse.tables.batches import load_batches

OTHER_DUCKDB = os.environ.get("QUARRY_OTHER_DUCKDB", "").partition(os.pathsep)[0]


def build(home):
    with building(home.warehouse) as connection:
        counts = load_batches(connection, home.store)
    swap_in(home.warehouse)
    return counts["refs"]


@pytest.fixture
def built(home):
    home.write_batch(refs=[ref("main", "a")])
    build(home)
    return home


def names(home):
    return sorted(path.name for path in home.path.iterdir())


def test_a_build_leaves_one_file_and_nothing_else(built):
    assert names(built) == ["quarry.duckdb", "store"]


def test_the_next_build_starts_from_the_current_file(built):
    assert build(built) == 0
    assert built.rows("select count(*) from raw.refs") == [(1,)]


def test_the_file_keeps_its_size_and_its_rows_over_nights(built):
    rows, sizes = "select range as n, hash(range) as hashed from range(300_000)", []

    for _ in range(4):
        with building(built.warehouse) as connection:
            connection.execute("create schema if not exists kept")
            connection.execute(f"create or replace table kept.numbers as {rows}")
            connection.execute("comment on table kept.numbers is 'numbers'")
            connection.execute("create or replace view kept.seen as from kept.numbers")
        swap_in(built.warehouse)
        sizes.append(built.warehouse.stat().st_size)

    assert max(sizes) < 1.3 * sizes[0]
    assert built.rows("select min(n), max(n), count(*) from kept.seen") == [(0, 299_999, 300_000)]
    ordered = "select bool_and(n = rowid) from kept.numbers"
    assert built.rows(ordered) == [(True,)]
    comments = "select comment from duckdb_tables() where table_name = 'numbers'"
    assert built.rows(comments) == [("numbers",)]
    assert names(built) == ["quarry.duckdb", "store"]


def stopped(home):
    with building(home.warehouse) as connection:
        connection.execute("drop schema raw cascade")
        raise KeyboardInterrupt


def test_an_error_inside_leaves_the_current_file_as_it_is(built):
    before = built.warehouse.read_bytes()

    with pytest.raises(KeyboardInterrupt):
        stopped(built)

    assert built.warehouse.read_bytes() == before
    assert names(built) == ["quarry.duckdb", "store"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"not a database at all" * 1000),
        lambda path: path.write_bytes(path.read_bytes()[:20_000]),
        lambda path: path.write_bytes(bytes(255 - byte for byte in path.read_bytes())),
    ],
    ids=["empty", "foreign", "truncated", "flipped"],
)
def test_a_file_that_cannot_be_read_is_built_again_from_the_store(built, damage):
    damage(built.warehouse)

    assert build(built) == 1
    assert built.rows("select count(*) from raw.refs") == [(1,)]


def test_any_single_damaged_block_never_stops_a_build(built):
    """Wherever the damage is, the store has the answer."""
    whole = built.warehouse.read_bytes()
    for place in range(0, len(whole), len(whole) // 25):
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        built.warehouse.write_bytes(damaged)

        build(built)
        assert built.rows("select target_hash from raw.refs") == [("a",)]


def test_a_file_that_lost_rows_is_built_again_from_the_store(built):
    with duckdb.connect(str(built.warehouse)) as connection:
        connection.execute("delete from raw.refs")

    assert build(built) == 1


def test_a_file_of_a_storage_version_that_old_clients_cannot_open_is_replaced(built):
    newer = built.path / "newer.duckdb"
    with duckdb.connect() as connection:
        connection.execute(f"attach '{newer}' as newer (storage_version 'latest')")
        connection.execute(f"attach '{built.warehouse}' as older")
        connection.execute("copy from database older to newer")
    newer.replace(built.warehouse)
    build(built)

    tags = "select tags['storage_version'] from duckdb_databases() where not internal"
    assert built.rows(tags) == [("v1.5.0+",)]


def test_what_a_killed_build_left_is_removed(built):
    for name in ("quarry.duckdb.building", "quarry.duckdb.building.wal"):
        (built.path / name).write_bytes(b"half a build")

    assert build(built) == 0
    assert names(built) == ["quarry.duckdb", "store"]


def test_a_log_that_is_not_ours_is_never_next_to_the_new_file(built):
    (built.path / "quarry.duckdb.wal").write_bytes(b"somebody else's")

    build(built)
    assert names(built) == ["quarry.duckdb", "store"]
    assert built.rows("select count(*) from raw.refs") == [(1,)]


READER = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
count = "select count(*) from raw.refs"
print(connection.execute(count).fetchall(), flush=True)
sys.stdin.readline()
print(connection.execute(count).fetchall(), flush=True)
"""


def test_a_reader_neither_blocks_a_build_nor_sees_half_of_it(built):
    command = [sys.executable, "-c", READER, str(built.warehouse)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as reader:
        assert reader.stdout.readline() == "[(1,)]\n"
        built.write_batch(day=2, refs=[ref("other", "b")])
        build(built)
        reader.stdin.write("\n")
        reader.stdin.flush()
        assert reader.stdout.readline() == "[(1,)]\n"

    assert built.rows("select count(*) from raw.refs") == [(2,)]


def test_a_build_that_was_not_finished_is_not_swapped_in(built):
    before = built.warehouse.read_bytes()
    building_path(built.warehouse).write_bytes(b"x")
    (built.path / "quarry.duckdb.building.wal").write_bytes(b"x")

    with pytest.raises(WarehouseError, match="the build is incomplete"):
        swap_in(built.warehouse)
    assert built.warehouse.read_bytes() == before


def test_the_file_does_not_grow_from_build_to_build(home):
    home.write_batch(commit_trailers=[(f"{n:040x}", 1, "Fixes", str(n)) for n in range(50_000)])
    home.write_model(
        "facts/t.sql",
        "-- T.\n--\n-- grain: h\nselect commit_hash as h, value as v from raw.commit_trailers",
    )
    home.describe(h="H", v="V")
    sizes = []
    for day in range(2, 9):
        home.build(export=False)
        sizes.append(home.warehouse.stat().st_size)
        home.write_batch(day=day, commit_trailers=[(f"{day:040}", 2, "Fixes", "1")])

    # A table that is rebuilt needs room as well as the old one, once.
    assert max(sizes[3:]) <= max(sizes[1:3]) < sizes[0] * 2.5


def test_before_the_first_build_the_message_names_the_command(home):
    with pytest.raises(WarehouseMissing, match="quarry run"), open_for_reading(home.warehouse):
        pass


def test_instants_are_read_in_utc_whatever_the_machine_says(built, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Seoul")
    with open_for_reading(built.warehouse) as connection:
        row = connection.execute("select observed_at::varchar from raw.refs").fetchone()

    assert row == ("2024-01-01 00:00:00+00",)


@pytest.mark.skipif(
    not Path(OTHER_DUCKDB).is_dir() or not OTHER_DUCKDB,
    reason="QUARRY_OTHER_DUCKDB names no folder with another DuckDB",
)
def test_clients_of_the_other_duckdb_open_the_file(built):
    script = (
        "import sys, duckdb; c = duckdb.connect(sys.argv[1], read_only=True); "
        "print(duckdb.__version__, c.execute('select count(*) from raw.refs').fetchall())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(built.warehouse)],
        env={"PYTHONPATH": OTHER_DUCKDB},
        capture_output=True,
        text=True,
        check=True,
    )
    version, counted = done.stdout.split(maxsplit=1)

    assert version != duckdb.__version__
    assert counted == "[(1,)]\n"


def test_a_build_that_memory_cannot_hold_uses_the_disk(tmp_path, monkeypatch):
    """What a killed one left there is deleted by the next."""
    monkeypatch.setattr(build_file, "BUILD_MEMORY", 40 * 2**20)
    warehouse, left = tmp_path / "quarry.duckdb", tmp_path / "quarry.duckdb.building.tmp"
    left.mkdir()
    (left / "duckdb_temp_storage_0.tmp").write_bytes(b"of a build that was killed")

    with building(warehouse, threads=1) as build:
        build.execute("create schema if not exists raw")
        build.execute(
            "create table raw.many as select hash(range) h from range(6_000_000) order by h"
        )
    swap_in(warehouse)

    with open_for_reading(warehouse) as found:
        assert found.execute("select count(*), count(distinct h) from raw.many").fetchall() == [
            (6_000_000, 6_000_000)
        ]
    assert not left.exists()
