"""Damage of the store is found, named, and builds nothing."""

from __future__ import annotations

import json
import shutil
from datetime import date, timedelta

import pytest

from miners import store
from miners.batch import BatchWriter
from miners.errors import StoreDamaged
from miners.store_check import NIGHTS_FOR_ALL, damage, verify_part
from tests.miners.test_store import AT, SOURCE, ref

DAY = date(2024, 5, 6)


@pytest.fixture
def folder(tmp_path):
    """Return the folder of a source with three batches of one row."""
    for name in ("a", "b", "c"):
        with BatchWriter(tmp_path, SOURCE, "run-1", AT) as batch:
            batch.add("refs", [ref(name)])
            batch.finish({"refs": {}})
    return store.source_folder(tmp_path, SOURCE)


def lose(path):
    path.unlink()


def empty(path):
    path.write_bytes(b"")


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def cut(path):
    path.write_bytes(path.read_bytes()[:-1])


def renew(path):
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 9}))


def nest(path):
    path.write_text("[" * 100_000)


DAMAGE = [
    ("000001/receipt.json", lose, "it is missing"),
    ("000002/receipt.json", lose, "it is missing"),
    ("000002/receipt.json", empty, "it is empty or damaged"),
    ("000002/receipt.json", cut, "it is empty or damaged"),
    ("000002/receipt.json", nest, "it is empty or damaged"),
    ("000002/receipt.json", renew, "a newer version of Quarry wrote it (format 9, not 1)"),
    ("000001/refs-0001.parquet", lose, "it is missing"),
    ("000001/refs-0001.parquet", empty, "it changed since it was written"),
    ("000001/refs-0001.parquet", cut, "it changed since it was written"),
    ("000001/refs-0001.parquet", flip, "it changed since it was written"),
]


@pytest.mark.parametrize(("name", "harm", "problem"), DAMAGE)
def test_every_damage_is_found_and_named(name, harm, problem, folder):
    harm(folder / name)

    (error,) = damage(folder.parent)

    assert (error.source, error.problem) == (str(folder / name), problem)
    assert error.remedy


@pytest.mark.parametrize(("name", "harm", "problem"), DAMAGE)
def test_every_damage_is_found_by_one_of_the_nights(name, harm, problem, folder):
    harm(folder / name)
    found = []

    for night in range(NIGHTS_FOR_ALL):
        try:
            verify_part(store.all_batches(folder.parent), DAY + timedelta(days=night))
        except StoreDamaged as error:
            found.append(error.problem)

    # A bit that flipped is found when the file is read; all else every night.
    assert found == [problem] * (1 if harm is flip else NIGHTS_FOR_ALL)


def test_a_sound_store_and_an_unfinished_batch_are_no_damage(folder):
    (folder / "000004").mkdir()
    (folder / "000004" / "refs-0001.parquet").write_bytes(b"x")

    verify_part(store.all_batches(folder.parent), DAY)

    assert list(damage(folder.parent)) == []


def test_a_lost_batch_of_one_source_hides_no_other(folder, tmp_path):
    with BatchWriter(tmp_path, "host.example/other", "run-1", AT) as batch:
        batch.finish({"refs": {}})
    shutil.rmtree(folder / "000001")

    with pytest.raises(StoreDamaged, match="000001"):
        store.all_batches(tmp_path)
    assert sorted(store.sources(tmp_path)) == ["host.example/other", SOURCE]
    assert len(store.batches(tmp_path, "host.example/other")) == 1


def test_receipts_from_before_there_was_a_format_are_read(folder):
    path = folder / "000001" / "receipt.json"
    facts = json.loads(path.read_text())
    assert facts.pop("format") == 1
    path.write_text(json.dumps(facts))

    assert [batch.receipt.batch for batch in store.batches(folder.parent, SOURCE)] == [1, 2, 3]
