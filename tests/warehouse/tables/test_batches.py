"""Test loading batches into the raw tables."""

from __future__ import annotations

import shutil

import pytest

from miners.records import RECORDS
from miners.store import source_folder
from tests.support.rows.memory_homes import DAY_ONE, MemoryHome, load, ref, repository
from warehouse.tables import raw


def trailer(commit, value):
    return (commit, 1, "Co-authored-by", value)


def test_a_row_keeps_every_column_its_envelope_and_its_batch(home):
    home.write_batch(rejects=[("commits", "a1", "no author", b"\x00\xff")])

    assert load(home) == {"rejects": 1}
    assert home.rows("select * from raw.rejects") == [
        ("host/one", "run-1", DAY_ONE, "commits", "a1", "no author", b"\x00\xff", 1)
    ]


def test_every_record_has_its_table_with_every_column_described(home):
    home.build(export=False)

    found = home.rows(
        "select table_name, column_name, comment from duckdb_columns() "
        "where schema_name = 'raw' and table_name != 'batches' and column_name != 'batch' "
        "order by table_name, column_index"
    )
    expected = [
        (record.name, field.name, field.meaning)
        for record in sorted(RECORDS.values(), key=lambda record: record.name)
        for field in record.columns
    ]
    assert found == expected
    assert home.rows("select comment from duckdb_tables() where table_name = 'commits'") == [
        ("A commit object, decoded.",)
    ]


def test_an_immutable_record_keeps_its_first_observation(home):
    home.write_batch(day=1, commit_trailers=[trailer("a", "first"), trailer("a", "again")])
    home.write_batch(day=2, commit_trailers=[trailer("a", "second"), trailer("b", "new")])
    expected = [("a", "first", 1), ("b", "new", 2)]

    assert load(home) == {"commit_trailers": 2}
    assert (
        home.rows("select commit_hash, value, batch from raw.commit_trailers order by 1")
        == expected
    )


def test_the_same_key_of_another_source_is_another_thing(home):
    home.write_batch("host/one", commit_trailers=[trailer("a", "one")])
    home.write_batch("host/two", commit_trailers=[trailer("a", "two")])

    assert load(home) == {"commit_trailers": 2}


TARGETS = ["a", "a", "b", "b", "a", None, None, "a"]
VERSIONS = [("a", 1), ("b", 3), ("a", 5), (None, 6), ("a", 8)]


@pytest.mark.parametrize("loads", [1, 2, 8])
def test_a_versioned_record_keeps_every_change_of_content(home, loads):
    """Loading all batches at once or one by one gives the same versions."""
    per_load = len(TARGETS) // loads
    for day, target in enumerate(TARGETS, start=1):
        home.write_batch(day=day, refs=[ref("main", target), ref("still", "x")])
        if day % per_load == 0:
            load(home)

    query = "select target_hash, batch from raw.refs where ref_name = $$refs/heads/{}$$ order by 2"
    assert home.rows(query.format("main")) == VERSIONS
    assert home.rows(query.format("still")) == [("x", 1)]


def test_a_key_that_stands_twice_in_a_batch_keeps_what_was_said_last(home):
    home.write_batch(refs=[ref("main", "a"), ref("main", "b")])
    load(home)

    assert home.rows("select target_hash from raw.refs") == [("b",)]


def test_a_record_without_a_key_is_one_thing_per_source(home):
    home.write_batch(day=1, repositories=[repository("old")])
    home.write_batch(day=2, repositories=[repository("old")])
    home.write_batch(day=3, repositories=[repository("new")])
    load(home)

    assert home.rows("select name, batch from raw.repositories order by batch") == [
        ("old", 1),
        ("new", 3),
    ]


def test_only_new_batches_are_read(home):
    """A loaded batch's files may go; its receipt says that it was there."""
    home.write_batch(day=1, refs=[ref("main", "a")])
    load(home)
    for file in source_folder(home.store, "host/one").rglob("*.parquet"):
        file.unlink()
    home.write_batch(day=2, refs=[ref("main", "b")])

    assert load(home) == {"refs": 1}
    assert load(home) == {}


def test_a_batch_that_found_nothing_is_known_too(home):
    home.write_batch(day=1, refs=[ref("main", "a")])
    home.write_batch(day=2)
    load(home)

    query = "select batch, run_id, observed_at, row_count from raw.batches order by batch"
    assert home.rows(query) == [
        (1, "run-1", DAY_ONE, 1),
        (2, "run-2", DAY_ONE.replace(day=2), 0),
    ]


def test_a_batch_without_a_receipt_does_not_exist(home):
    home.write_batch(refs=[ref("main", "a")])
    (source_folder(home.store, "host/one") / "000001" / "receipt.json").unlink()

    assert load(home) == {}


def test_another_store_makes_everything_be_loaded_again(home):
    home.write_batch("host/old", refs=[ref("main", "a")])
    load(home)
    shutil.rmtree(home.store)
    home.write_batch("host/new", refs=[ref("main", "b")])

    assert load(home) == {"refs": 1}
    assert home.rows("select source from raw.refs") == [("host/new",)]
    assert home.rows("select source from raw.batches") == [("host/new",)]


def test_a_batch_that_was_rewritten_makes_everything_be_loaded_again(home):
    home.write_batch(refs=[ref("main", "a")])
    load(home)
    shutil.rmtree(home.store)
    home.write_batch(refs=[ref("main", "b")])

    load(home)
    assert home.rows("select target_hash from raw.refs") == [("b",)]


def test_another_shape_of_the_raw_tables_makes_everything_be_loaded_again(home, monkeypatch):
    home.write_batch(refs=[ref("main", "a")])
    load(home)
    monkeypatch.setattr(raw, "LOAD_VERSION", raw.LOAD_VERSION + 1)

    assert load(home) == {"refs": 1}


def test_names_with_quotes_and_spaces_are_only_names(tmp_path):
    home = MemoryHome(tmp_path / "it's a 'home', [1] *")
    home.write_batch("host/o'one", refs=[ref("it's", "a")])

    assert load(home) == {"refs": 1}
    assert home.rows("select source, ref_name from raw.refs") == [("host/o'one", "refs/heads/it's")]
