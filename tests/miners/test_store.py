"""Test that a batch is complete or absent, and verified."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import polars as pl
import pytest

from miners import store
from miners.batch import BatchWriter
from miners.records import INSTANT, RECORDS, polars_types
from miners.store import sha256_of

AT = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
SOURCE = "host.example/team/app"


def ref(name, target="a"):
    return (f"refs/heads/{name}", "branch", target, target, None)


def write(folder, *rows, cursor=None, at=AT):
    with BatchWriter(folder, SOURCE, "run-1", at) as batch:
        batch.add("refs", rows)
        return batch.finish(cursor or {"refs": {}})


def test_a_batch_holds_what_was_added_with_its_envelope(tmp_path):
    receipt = write(tmp_path, ref("main"), ref("x", None), cursor={"refs": {"a": ["b", "c"]}})
    (batch,) = store.batches(tmp_path, SOURCE)
    assert batch.receipt == receipt == store.latest(tmp_path, SOURCE)
    assert (receipt.batch, receipt.rows("refs"), receipt.rows("commits")) == (1, 2, 0)
    (path,) = batch.paths("refs")
    assert pl.read_parquet(path).rows() == [
        (SOURCE, "run-1", AT, *ref("main")),
        (SOURCE, "run-1", AT, *ref("x", None)),
    ]
    (file,) = receipt.files
    assert (file.sha256, file.bytes) == (sha256_of(path), path.stat().st_size)


@pytest.mark.parametrize("record", RECORDS.values(), ids=list(RECORDS))
def test_every_record_is_written_with_its_own_types(record, tmp_path):
    row = tuple(0 if f.type == INSTANT else None for f in record.fields)
    with BatchWriter(tmp_path, SOURCE, "run-1", AT) as batch:
        batch.add(record.name, [row])
        batch.finish({})
    (path,) = store.batches(tmp_path, SOURCE)[0].paths(record.name)
    found = pl.read_parquet_schema(path)
    assert dict(found) == {field.name: polars_types()[field.type] for field in record.columns}


def test_leaving_without_finish_or_by_an_error_leaves_nothing(tmp_path):
    with BatchWriter(tmp_path, SOURCE, "run-1", AT) as batch:
        batch.add("refs", [ref("main")])
    with pytest.raises(ZeroDivisionError), BatchWriter(tmp_path, SOURCE, "run-1", AT) as batch:
        batch.add("refs", [ref(number // number) for number in (1, 0)])
    assert list(tmp_path.glob("*/*")) == []
    assert store.latest(tmp_path, SOURCE) is None
    assert store.all_batches(tmp_path) == []


def test_large_batches_are_written_in_parts_from_many_threads(tmp_path, monkeypatch):
    monkeypatch.setattr("miners.batch.ROWS_PER_PART", 100)
    with BatchWriter(tmp_path, SOURCE, "run-1", AT) as batch:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda n: batch.add("refs", [ref(n)] * 30), range(20)))
        receipt = batch.finish({})
    (found,) = store.batches(tmp_path, SOURCE)
    assert receipt.rows("refs") == 600
    assert sum(pl.read_parquet(path).height for path in found.paths("refs")) == 600
    assert len(receipt.files) >= 4
    assert len({file.name for file in receipt.files}) == len(receipt.files)


def test_a_part_of_a_batch_has_100_000_rows(tmp_path):
    with BatchWriter(tmp_path, SOURCE, "run-1", AT) as batch:
        for start in range(0, 100_001, 10_000):
            numbers = range(start, min(start + 10_000, 100_001))
            batch.add("reachability", [("any_ref", str(number), True) for number in numbers])
        receipt = batch.finish({})
    assert [file.rows for file in receipt.files] == [100_000, 1]


def test_the_newest_version_of_each_thing_wins(tmp_path):
    write(tmp_path, ref("main", "a"), ref("x", "a"))
    write(tmp_path, ref("main", "b"))
    write(tmp_path, ref("x", None))
    newest = store.newest(tmp_path, SOURCE, "refs").select("ref_name", "target_hash")
    assert dict(newest.iter_rows()) == {"refs/heads/main": "b", "refs/heads/x": None}
    assert store.newest(tmp_path, "host.example/other", "refs").height == 0


def test_the_cursor_is_found_through_receipts_of_no_change(tmp_path):
    write(tmp_path, ref("main"), cursor={"refs": {"HEAD": ["a", "a"]}})
    for _ in range(3):
        with BatchWriter(tmp_path, SOURCE, "run-2", AT) as batch:
            unchanged = batch.finish_unchanged()
    assert (unchanged.batch, unchanged.files, unchanged.cursor) == (4, (), {store.SAME_AS: 1})
    assert store.cursor(tmp_path, unchanged) == {"refs": {"HEAD": ["a", "a"]}}
    second = write(tmp_path, ref("main", "b"), cursor={"refs": {"HEAD": ["b", "b"]}})
    assert store.cursor(tmp_path, second)["refs"] == {"HEAD": ["b", "b"]}


def test_nothing_can_be_unchanged_since_nothing(tmp_path):
    with (
        pytest.raises(ValueError, match="no earlier batch"),
        BatchWriter(tmp_path, SOURCE, "run-1", AT) as batch,
    ):
        batch.finish_unchanged()


def test_a_folder_without_a_receipt_is_written_over(tmp_path):
    write(tmp_path, ref("main"))
    (receipt,) = tmp_path.rglob("receipt.json")
    receipt.rename(receipt.with_name("half"))
    assert store.all_batches(tmp_path) == []
    assert write(tmp_path, ref("x")).batch == 1
    assert not receipt.with_name("half").exists()
    assert json.loads(receipt.read_text())["files"][0]["rows"] == 1


def test_folders_of_sources_are_safe_readable_and_never_shared(tmp_path):
    sources = ["h/a/b", "h/a-b", "h/A/b", "../../etc", "뜻", "x" * 500, "h/a/b ", ""]
    folders = [store.source_folder(tmp_path, source) for source in sources]
    assert len(set(folders)) == len(sources)
    assert {folder.parent for folder in folders} == {tmp_path}
    assert all(len(folder.name) < 60 and folder.name.isascii() for folder in folders)
    assert folders[0].name.startswith("h-a-b-")
