"""A first build from the kept warehouse without rows."""

from __future__ import annotations

import os
import shutil
import sys

import duckdb
import pytest

from tests.support.rows.some_models import models_with
from tests.support.rows.two_repositories import CONTEXT, found
from tests.support.running.blank_warehouses import OWN_PLACE
from warehouse.build import blank_file, build_file
from warehouse.build.blank_file import _make
from warehouse.build.build_file import building, building_path
from warehouse.build.checks import run_checks
from warehouse.build.incremental import note_build
from warehouse.build.runner import build_models
from warehouse.build.table_hashes import tables_of
from warehouse.exports.snapshot import export_snapshot
from warehouse.query.pseudonyms import KEY_FILE
from warehouse.sql import sql_folder
from warehouse.tables.batches import load_batches

# Columns, types and comments.
SHAPES = """
    select schema_name, table_name, column_index, column_name, data_type, is_nullable, comment
    from duckdb_columns() where database_name = current_database() and not internal order by all
"""
COMMENTS = """
    select schema_name, table_name, comment from duckdb_tables() where not internal
    union all
    select schema_name, view_name, concat(comment, sql) from duckdb_views() where not internal
    order by all
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Make one as others do."""
    file = tmp_path_factory.mktemp("made") / "blank.duckdb"
    _make(file, lambda path: build_file._connect(path, 1), sql_folder())
    return file


@pytest.fixture
def makes(made, monkeypatch):
    """Copy it instead of making it again."""
    monkeypatch.setattr(blank_file, "_make", lambda kept, *_: shutil.copy(made, kept))


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Where the file is kept, which is not there yet."""
    place = tmp_path / "cache" / "blank.duckdb"
    place.parent.mkdir()
    monkeypatch.setattr(blank_file, "kept_path", lambda _: place)
    monkeypatch.setattr(blank_file, "_place", OWN_PLACE)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return place


def build(folder, only=None):
    """Build the warehouse of a home from nothing."""
    with building(folder / "quarry.duckdb", is_fresh=True) as connection:
        load_batches(connection, folder / "store")
        made = build_models(connection, CONTEXT, only=only)
        if only is None:
            run_checks(connection, made)
            note_build(connection, made)
    return made


def contents(folder):
    path = building_path(folder / "quarry.duckdb")
    export_snapshot(path, folder / "exports", "f")
    files = {
        file.relative_to(folder): file.read_bytes()
        for file in sorted((folder / "exports").rglob("*.*"))
        if file.is_file()
    }
    with duckdb.connect(str(path), read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        rows = {
            table: connection.execute(f"from {table} order by all").fetchall()
            for table in [*tables_of(connection), "meta.contents", "meta.raw_tables"]
        }
        shapes = [connection.execute(query).fetchall() for query in (SHAPES, COMMENTS)]
    return files, rows, shapes


@pytest.mark.usefixtures("kept")
def test_a_build_from_it_is_equal_to_one_from_nothing(tmp_path, monkeypatch):
    from_it, from_nothing = tmp_path / "one", tmp_path / "two"
    for folder in (from_it, from_nothing):
        found(folder / "store")
        (folder / KEY_FILE).write_text("00" * 32)

    assert build(from_it).is_blank
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert not build(from_nothing).is_blank
    for one, other in zip(contents(from_it), contents(from_nothing), strict=True):
        assert one == other


def test_it_is_made_once_and_has_no_rows(tmp_path, kept):
    build(tmp_path, only=["facts.commits"])
    before = kept.stat()
    build(tmp_path, only=["facts.commits"])

    assert (kept.stat().st_ino, kept.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]
    with duckdb.connect(str(kept), read_only=True) as connection:
        full = [
            table
            for table in tables_of(connection)
            if not table.startswith("settings.") and connection.execute(f"from {table}").fetchone()
        ]
    assert full == []


DAMAGES = {
    "no database": lambda path: path.write_bytes(b"no database" * 1000),
    "cut": lambda path: os.truncate(path, path.stat().st_size // 2),
    "empty": lambda path: os.truncate(path, 0),
}


@pytest.mark.usefixtures("makes")
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_one_is_made_again(tmp_path, kept, damage):
    build(tmp_path, only=["facts.quarters"])
    size = kept.stat().st_size
    damage(kept)

    assert build(tmp_path, only=["facts.quarters"]).is_blank
    assert kept.stat().st_size == size


def test_that_of_another_program_is_made_again(tmp_path, kept, monkeypatch):
    build(tmp_path, only=["facts.quarters"])
    for module in ("blank_file", "runner"):
        monkeypatch.setattr(f"warehouse.build.{module}.program_hash", lambda _: "another")
    before = kept.read_bytes()

    assert build(tmp_path, only=["facts.quarters"]).is_blank
    assert kept.read_bytes() != before


def test_none_is_kept_where_modules_are_not(tmp_path, kept, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    assert not build(tmp_path, only=["facts.quarters"]).is_blank
    assert not kept.exists()


def test_none_is_kept_for_a_copy_of_the_models(tmp_path, kept):
    with building(tmp_path / "quarry.duckdb", folder=models_with("commits")) as connection:
        load_batches(connection, tmp_path / "store")

    assert not kept.exists()


def test_a_folder_that_cannot_be_written_to_is_no_error(tmp_path, kept):
    kept.parent.rmdir()

    assert not build(tmp_path, only=["facts.quarters"]).is_blank
