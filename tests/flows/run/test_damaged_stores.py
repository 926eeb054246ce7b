"""Runs over stores with lost or damaged batches."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pytest

from flows.run.run_records import COMPLETED, FAILED, NEW
from flows.run.setup_checks import check_setup
from tests.support.rows.ledgers import write_here
from tests.support.running.runs import run_once
from warehouse.query.query import query

pytestmark = pytest.mark.usefixtures("few_models")

TWO = """
[[sources]]
location = "ledger/a.csv"
kind = "ledger"
table = "tasks"
[[sources]]
location = "ledger/b.csv"
kind = "ledger"
table = "tasks"
"""


def rows(workspace):
    out = io.BytesIO()
    query(workspace.warehouse, "select count(*) from raw.ledger_tasks", "csv", out)
    return out.getvalue().decode().split()[-1]


def task(name, *keys):
    lines = (f"{key},2024-01-02\n" for key in keys)
    write_here(name, "task,planned_on\n" + "".join(lines))


@pytest.fixture
def mined(desk):
    """A home with two ledgers of one task each, of which the first was mined twice."""
    task("a.csv", "A-1")
    task("b.csv", "B-1")
    workspace = desk(TWO)
    assert run_once(workspace).state == COMPLETED
    task("a.csv", "A-1", "A-2")
    assert run_once(workspace).state == COMPLETED
    return workspace


def receipt_of_first(workspace):
    found = workspace.store.glob("*/000001/receipt.json")
    return next(p for p in found if json.loads(p.read_text())["source"].endswith("a.csv#ledger"))


def test_a_lost_batch_builds_nothing_and_is_named(mined):
    before = (mined.exports / "current").readlink()
    lost = receipt_of_first(mined)
    lost.unlink()
    task("b.csv", "B-1", "B-2")

    ended = run_once(mined)

    assert ended.state == FAILED
    assert ended.problem == (
        f"{lost}: it is missing. Restore {lost.parents[1]} from a backup, or delete it to mine "
        "the source from the start"
    )
    # What is new in the other source is kept for the next build.
    assert [o.state for o in ended.outcomes if o.name == "b"] == [NEW]
    assert (mined.exports / "current").readlink() == before
    assert rows(mined) == "3"
    (found,) = [check for check in check_setup(None, None) if check.subject == "store"]
    assert (found.is_ok, found.detail) == (False, f"{lost}: it is missing")


@pytest.mark.parametrize("content", ["", '{"format": 9}'])
def test_a_receipt_that_cannot_be_read_fails_its_source_and_mines_the_others(mined, content):
    newest = max(receipt_of_first(mined).parents[1].glob("*/receipt.json"))
    newest.write_text(content)
    task("b.csv", "B-1", "B-2")

    ended = run_once(mined)

    assert {o.name: o.state for o in ended.outcomes} == {"a": FAILED, "b": NEW}
    assert ended.state == FAILED
    assert str(newest) in ended.problem


def test_a_store_that_is_deleted_is_not_mined_from_the_start_in_silence(mined):
    shutil.rmtree(mined.store)

    ended = run_once(mined)

    assert ended.state == FAILED
    assert ended.problem == (
        f"{mined.store}: it has no batch, but {mined.warehouse} was built from one. Restore it "
        "from a backup, or delete that file to mine every source from the start"
    )
    assert not list(Path(mined.home).glob("store/*"))
    assert rows(mined) == "3"


def test_a_file_of_a_loaded_batch_that_is_missing_publishes_nothing(mined):
    """It was loaded long ago: only a look at the whole store finds it."""
    (lost, _) = sorted(mined.store.glob("*/000001/ledger_tasks-0001.parquet"))
    lost.unlink()
    task("b.csv", "B-1", "B-2")
    ended = run_once(mined)
    assert (ended.state, rows(mined)) == (FAILED, "3")
    assert f"{lost}: it is missing" in ended.problem
