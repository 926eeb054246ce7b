"""Test the files that a snapshot reuses, and those never published."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl
import pytest

from miners.store import KEY_FILE
from tests.support.rows.exports import EVENTS, build_from_nothing, current
from tests.support.rows.memory_homes import ref
from warehouse.errors import WarehouseError
from warehouse.exports import snapshot
from warehouse.exports.layout import partitions
from warehouse.exports.snapshot import export_snapshot, publish_snapshot


def inode(home, path):
    return (home.exports / "current" / path).stat().st_ino


def test_a_quarter_that_did_not_change_is_linked(events):
    events.build()
    old = "events/quarter=2023-Q4/data.parquet"
    changed = "events/quarter=2024-Q1/data.parquet"
    before = {path: inode(events, path) for path in (old, changed)}
    events.write_batch(day=2, refs=[ref("e", "2024-Q1")])
    step = events.build()

    assert inode(events, old) == before[old]
    assert inode(events, changed) != before[changed]
    # The names and the quarter of the new event are written again.
    assert (step.files_written, step.files_linked) == (2, 3)


def test_linked_files_are_those_that_a_build_from_nothing_writes(events):
    events.build()
    events.write_batch(day=2, refs=[ref("e", "2024-Q1"), ref("c", None)])
    events.build()
    step_by_step = current(events)
    build_from_nothing(events)

    assert current(events) == step_by_step


def test_a_table_that_did_not_change_is_not_read(events, monkeypatch):
    events.build()
    read = []
    monkeypatch.setattr(
        snapshot,
        "partitions",
        lambda connection, table, **how: read.append(table.name) or partitions(connection, table),
    )
    events.write_batch(day=2, refs=[ref("a", "none")])
    step = events.build()

    # The new event has a name that is known.
    assert read == ["events", "data_dictionary"]
    assert (step.files_written, step.files_linked) == (1, 4)


def test_a_table_is_read_where_the_snapshot_is_of_another_warehouse(events):
    events.build()
    events.write_batch(day=2, refs=[ref("f", "2024-Q1")])
    events.build(export=False)
    events.write_batch(day=3, refs=[ref("a", "2024-Q1")])
    events.build()
    step_by_step = current(events)
    build_from_nothing(events)

    assert current(events) == step_by_step


def test_a_table_is_read_where_addresses_have_other_pseudonyms(events):
    events.write_batch(day=2, refs=[ref("ada@example.org", "2024-Q1")])
    events.build()
    before = current(events)
    (events.path / KEY_FILE).unlink()
    events.build()
    after = current(events)
    build_from_nothing(events)

    changed = {path for path in after if after[path] != before[path]}
    assert changed >= {"events/quarter=2024-Q1/data.parquet", "names/data.parquet"}
    assert current(events) == after


@pytest.mark.parametrize("damage", [b"", b"other bytes"])
def test_a_published_file_that_somebody_changed_is_rewritten(events, damage):
    events.build()
    whole = current(events)
    (events.exports / "current/events/quarter=2023-Q4/data.parquet").write_bytes(damage)
    events.build()

    assert current(events) == whole


def test_another_schema_is_never_linked(events):
    events.build()
    events.write_model("facts/events.sql", EVENTS.replace("::integer as size", "::double as size"))
    step = events.build()

    assert step.files_written == 4
    frame = pl.read_parquet(events.exports / "current/events/**/*.parquet", hive_partitioning=True)
    assert frame.schema["size_count"] == pl.Float64()


def test_where_files_cannot_be_linked_they_are_copied(events, monkeypatch):
    events.build()
    before = current(events)

    def refuse(*_):
        raise OSError("this file system knows no links")

    monkeypatch.setattr(os, "link", refuse)
    assert events.build().files_linked == 5
    assert current(events) == before


def test_a_corrupt_manifest_costs_only_the_links(events):
    events.build()
    before = current(events)
    (events.exports / "current/manifest.json").write_text('{"files": [1]}')

    assert events.build().files_linked == 0
    assert current(events) == before


def test_current_is_a_relative_link_and_the_snapshot_before_it_stays(events):
    for _ in range(3):
        events.build()
    link = events.exports / "current"

    assert link.readlink() == Path("snapshots/3")
    assert sorted(path.name for path in (events.exports / "snapshots").iterdir()) == ["2", "3"]


def test_what_killed_exports_left_is_removed(events):
    events.build()
    snapshots = events.exports / "snapshots"
    (snapshots / "2").mkdir()
    (snapshots / "2" / "never published").write_bytes(b"PAR1")
    (snapshots / "2.building").mkdir()
    (snapshots / "2.building" / "half.parquet").write_bytes(b"PAR1")
    (events.exports / ".current.new").symlink_to("nowhere")
    events.build()

    assert (events.exports / "current").readlink() == Path("snapshots/2")
    assert sorted(path.name for path in snapshots.iterdir()) == ["1", "2"]
    assert (snapshots / "2" / "manifest.json").is_file()
    assert not (events.exports / ".current.new").is_symlink()


def test_until_it_is_published_a_snapshot_is_not_current(events):
    events.build()
    before = current(events)
    events.write_batch(day=2, refs=[ref("e", "2024-Q1")])
    events.build(export=False)
    export_snapshot(events.warehouse, events.exports, "f", folder=events.sql)

    assert current(events) == before
    publish_snapshot(events.exports)
    assert current(events) != before


def test_a_folder_in_the_place_of_the_link_is_not_touched(events):
    (events.exports / "current").mkdir(parents=True)

    with pytest.raises(WarehouseError, match="Move it away"):
        events.build()
    assert (events.exports / "current").is_dir()
