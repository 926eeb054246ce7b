"""Test a ledger over several minings: versions and tombstones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miners import store
from miners.errors import SourceDenied
from tests.support.rows.ledgers import FIRST_LOOK, Ledger
from tests.support.running.examples import examples

HEADINGS = "task,planned_on,title\n"
TASKS = ("ledger_tasks", "task_id", "title", "run_id")
TOMBSTONES = ("tombstones", "record", "record_key", "is_gone", "fate", "moved_to", "run_id")


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path)


def tasks(*rows):
    return HEADINGS + "".join(f"{task},2024-01-02,{title}\n" for task, title in rows)


def test_a_changed_row_is_a_version_and_a_removed_one_a_tombstone(ledger):
    ledger.write("tasks.csv", tasks(("T-1", "one"), ("T-2", "two"), ("T-3", "three")))
    first = ledger.mine()
    ledger.write("tasks.csv", tasks(("T-1", "one"), ("T-2", "TWO")))
    second = ledger.mine()
    ledger.write("tasks.csv", tasks(("T-3", "three"), ("T-2", "TWO"), ("T-1", "one")))
    third = ledger.mine()

    assert first == {"ledger_tasks": 3, "ledgers": 1}
    assert second == {"ledger_tasks": 1, "ledgers": 1, "tombstones": 1}
    assert third == {"ledgers": 1, "tombstones": 1}
    assert ledger.stored(*TASKS) == [
        ("T-1", "one", "run-1"),
        ("T-2", "two", "run-1"),
        ("T-3", "three", "run-1"),
        ("T-2", "TWO", "run-2"),
    ]
    assert ledger.stored(*TOMBSTONES) == [
        ("ledger_tasks", "T-3", True, "removed", None, "run-2"),
        ("ledger_tasks", "T-3", False, None, None, "run-3"),
    ]


def test_what_is_deleted_is_noted_once(ledger):
    for rows in ([("T-1", "one"), ("T-2", "two")], [("T-2", "two")], [("T-2", "more")]):
        ledger.write("tasks.csv", tasks(*rows))
        ledger.mine()

    assert [row[1:] for row in ledger.stored(*TOMBSTONES)] == [
        ("T-1", True, "removed", None, "run-2")
    ]


def test_a_ledger_that_did_not_change_leaves_a_receipt_without_rows(ledger):
    ledger.write("tasks.csv", tasks(("T-1", "one")))
    ledger.mine()

    assert [ledger.mine(), ledger.mine()] == [{}, {}]
    assert [batch.receipt.cursor for batch in ledger.batches()[1:]] == [{"same_as": 1}] * 2
    assert ledger.mine(is_full=True) == {"ledgers": 1}


@pytest.mark.parametrize(
    "changes",
    [{"time_zone": "UTC"}, {"project": "web"}, {"table": "tasks"}],
    ids=lambda changes: next(iter(changes)),
)
def test_other_settings_are_a_reason_to_read_it_again(ledger, changes):
    ledger.write("incidents.csv", "id,started_at\nI-1,2024-03-21 19:22\n")
    ledger.mine()
    ledger.options |= changes

    is_version = "table" not in changes
    assert ledger.mine() == {"ledgers": 1, **({"ledger_incidents": 1} if is_version else {})}


def test_a_row_that_becomes_wrong_stays_as_it_was(ledger):
    ledger.write("tasks.csv", tasks(("T-1", "one"), ("T-2", "two")))
    ledger.mine()
    ledger.write("tasks.csv", f"{HEADINGS}T-1,2024-13-01,one\n")

    assert ledger.mine() == {"ledgers": 1, "rejects": 1, "tombstones": 1}
    assert [row[1] for row in ledger.stored(*TOMBSTONES)] == ["T-2"]


@pytest.mark.parametrize("row", ["Soyang,2024-01-33", "Soyang,2024-01-05,shifted"])
def test_where_it_is_unclear_which_row_is_wrong_none_of_its_file_is_removed(ledger, row):
    ledger.write("deployments.csv", "site,planned_on\nSoyang,2024-01-03\n")
    ledger.write("tasks.csv", tasks(("T-1", "one")))
    ledger.mine()
    ledger.write("deployments.csv", f"site,planned_on\n{row}\n")
    ledger.write("tasks.csv", HEADINGS)

    assert ledger.mine() == {"ledgers": 1, "rejects": 1, "tombstones": 1}
    assert [row[1] for row in ledger.stored(*TOMBSTONES)] == ["T-1"]


def test_a_wrong_row_goes_to_rejects_with_its_payload_and_reason(ledger):
    ledger.write("tasks.csv", "task,planned_on,\nT-1,2024-13-01,\nT-2,2024-01-02,extra\n")
    ledger.mine()

    found = ledger.stored("rejects", "record", "record_key", "reason", "payload")
    said = "expected a day such as 2024-01-31, found '2024-13-01', which does not exist"
    assert [(record, key[:-9], why, payload.decode()) for record, key, why, payload in found] == [
        (
            "ledger_tasks",
            "tasks.csv:2",
            f"planned_on: {said}",
            '{"task": "T-1", "planned_on": "2024-13-01", "": ""}',
        ),
        (
            "ledger_tasks",
            "tasks.csv:3",
            "'extra' is in no column",
            '{"task": "T-2", "planned_on": "2024-01-02", "": ["extra"]}',
        ),
    ]


def test_another_wrong_row_in_the_same_line_is_another_reject(ledger):
    for cell in ("x", "y", "x"):
        ledger.write("tasks.csv", f"{HEADINGS}T-1,{cell},one\n")
        ledger.mine()

    keys = [key for (key,) in ledger.stored("rejects", "record_key")]
    assert len(keys) == 3
    assert keys[0] == keys[2] != keys[1]


def test_one_file_that_cannot_be_read_fails_the_source_and_keeps_all_others(ledger):
    ledger.write("tasks.csv", tasks(("T-1", "one"), ("T-2", "two")))
    ledger.write("projects.csv", "project\nweb\n")
    ledger.mine()
    ledger.write("tasks.csv", "task,planed_on\nT-1,2024-01-02\n")
    ledger.write("projects.csv", "project\napp\n")
    failed = ledger.mine()
    again = ledger.mine()

    assert isinstance(failed, SourceDenied)
    assert str(failed) == (
        "ledger: tasks.csv: line 1: unknown column 'planed_on'. Write planned_on, or "
        "begin its name with # for a column of your own. Until then no row of this "
        "ledger is marked as removed"
    )
    assert str(again) == str(failed)
    assert [b.receipt.is_partial for b in ledger.batches()] == [False, True, True]
    assert ledger.stored("ledger_projects", "project") == [("web",), ("app",)]
    assert ledger.stored(*TOMBSTONES) == []
    ledger.write("tasks.csv", tasks(("T-2", "two")))
    assert ledger.mine() == {"ledgers": 1, "tombstones": 2}


def test_a_file_that_is_deleted_takes_its_rows_with_it(ledger):
    ledger.write("tasks-2023.csv", tasks(("T-1", "one")))
    path = ledger.write("tasks/2024.csv", tasks(("T-2", "two")))
    ledger.mine()
    path.unlink()

    assert ledger.mine() == {"ledgers": 1, "tombstones": 1}
    assert [row[1] for row in ledger.stored(*TOMBSTONES)] == ["T-2"]


def test_a_ledger_without_any_file_is_a_failure_and_no_removal(ledger):
    path = ledger.write("tasks.csv", tasks(("T-1", "one")))
    ledger.mine()
    path.unlink()
    ledger.write("notes.md", "hello")
    empty = ledger.mine()
    (ledger.folder / "notes.md").unlink()
    ledger.folder.rmdir()
    missing = ledger.mine()

    assert str(empty) == (
        f"ledger: no file of a ledger in {ledger.folder}. Put tasks.csv or another "
        "table there; `quarry ledger init` writes one to fill in. No row is marked as removed"
    )
    assert str(missing) == (
        f"ledger: {ledger.folder} does not exist. Correct its location; `quarry ledger "
        "init` writes one to fill in"
    )
    assert ledger.stored(*TOMBSTONES) == []


def test_a_second_row_of_the_same_thing_is_rejected(ledger):
    ledger.write("tasks-1.csv", tasks(("T-1", "one"), ("T-1", "again")))
    ledger.write("tasks-2.csv", tasks(("T-1", "elsewhere")))
    ledger.write("activities.csv", "date,kind\n2024-01-05,writing\n2024-01-05,writing\n")
    ledger.write("projects.csv", "project\nweb\nweb\n")
    same = (
        "the same happened_on or reported_quarter, kind, project, site and title as in "
        "activities.csv:2; give each an identifier in column activity_id"
    )

    assert ledger.said() == [
        f"activities.csv:3: {same}",
        "projects.csv:3: project: 'web' is already in projects.csv:2",
        "tasks-1.csv:3: task_id: 'T-1' is already in tasks-1.csv:2",
        "tasks-2.csv:2: task_id: 'T-1' is already in tasks-1.csv:2",
    ]
    assert [row["title"] for row in ledger.facts("tasks")] == ["one"]


LEDGERS = st.lists(
    st.dictionaries(st.sampled_from("ABCDE"), st.sampled_from(["one", "two"]), min_size=1),
    min_size=1,
    max_size=4,
)


@examples(25)
@given(LEDGERS)
def test_the_store_always_has_what_the_ledger_said_last(tmp_path_factory, states):
    ledger = Ledger(tmp_path_factory.mktemp("ledger"))
    for state in states:
        ledger.write("tasks.csv", tasks(*state.items()))
        ledger.mine()

        stored = ledger.home / "store"
        newest = store.newest(stored, "ledger#ledger", "ledger_tasks")
        graves = store.newest(stored, "ledger#ledger", "tombstones").filter("is_gone")
        found = dict(newest.select("task_id", "title").rows())
        for key in graves["record_key"]:
            del found[key]
        assert found == state
    assert ledger.batches()[-1].receipt.observed_at >= FIRST_LOOK
