"""Test ledgers from their files to the raw tables."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.rows.ledgers import ID, Ledger, days, number
from tests.support.running.examples import examples
from warehouse.tables.batches import load_batches

REFERENCE = Path(__file__).parents[3] / "shared" / "reference" / "2024"


def raw(ledger):
    """Load everything that was mined into a fresh warehouse."""
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    load_batches(connection, ledger.home / "store")
    return lambda sql: connection.execute(sql).fetchall()


def test_the_raw_tables_hold_every_version_and_what_is_deleted(tmp_path):
    ledger = Ledger(tmp_path)
    for rows in (
        "T-1,2024-01-02\nT-2,2024-01-02\n",
        "T-1,2024-01-03\nT-3,soon\n",
        "T-2,2024-01-02\n",
    ):
        ledger.write("tasks.csv", f"task,planned_on\n{rows}")
        ledger.mine()
    ask = raw(ledger)

    assert ask("select task_id, planned_on, batch from raw.ledger_tasks order by batch, 1") == [
        ("T-1", days("2024-01-02"), 1),
        ("T-2", days("2024-01-02"), 1),
        ("T-1", days("2024-01-03"), 2),
    ]
    assert ask("select record_key, is_gone, batch from raw.tombstones order by batch, 1") == [
        ("T-2", True, 2),
        ("T-1", True, 3),
        ("T-2", False, 3),
    ]
    assert ask("select record, reason, batch from raw.rejects") == [
        ("ledger_tasks", "planned_on: expected a day such as 2024-01-31, found 'soon'", 2)
    ]
    assert ask("select source, name, time_zone from raw.ledgers") == [(ID, "ledger", "Asia/Seoul")]


@pytest.fixture
def reference(tmp_path):
    """The ledger of 2024 as it was kept; only its lead times lack names of their own."""
    if not REFERENCE.is_dir():
        pytest.skip(f"there is no reference ledger at {REFERENCE}")
    ledger = Ledger(tmp_path)
    for path in REFERENCE.glob("*.csv"):
        shutil.copy(path, ledger.folder)
    (ledger.folder / "lead_times.csv").unlink()
    with (REFERENCE / "lead_times.csv").open(newline="") as file:
        headings, *rows = csv.reader(file)
    named = [["task", *headings], *([f"L-{n}", *row] for n, row in enumerate(rows, 1))]
    ledger.write("tasks-lead.csv", "".join(f"{','.join(row)}\n" for row in named))
    return ledger


def test_a_ledger_that_was_kept_manually_is_read_whole(reference):
    rows = reference.read().rows

    assert reference.said() == []
    assert reference.read().ignored.keys() == {"commits.csv", "issues.csv"}
    assert Counter(table for table, _ in rows) == {
        "projects": 8,
        "tasks": 133,
        "deployments": 52,
        "incidents": 5,
        "activities": 172,
        "measurements": 4,
        "targets": 4,
    }


def test_the_figures_of_the_report_are_in_the_raw_tables(reference):
    reference.mine()
    ask = raw(reference)

    assert ask(
        "select kind, count(*) from raw.ledger_activities group by kind having count(*) > 2 "
        "order by 1"
    ) == [
        ("business_trip", 87),
        ("technical_meeting", 27),
        ("test_iteration", 6),
        ("weekly_planning", 49),
    ]
    assert ask(
        "select reported_quarter, count(*), sum(reported_days) from raw.ledger_tasks "
        "where reported_quarter is not null group by 1 order by 1"
    ) == [
        ("2024-Q1", 9, number("133")),
        ("2024-Q2", 12, number("447")),
        ("2024-Q3", 6, number("276")),
        ("2024-Q4", 6, number("90")),
    ]
    assert ask(
        "select started_at, recovered_at, reported_hours, reported_quarter "
        "from raw.ledger_incidents order by incident_id limit 2"
    ) == [
        (at(2024, 8, 29, 3, 34), at(2024, 8, 29, 4, 4), None, "2024-Q3"),
        (at(2024, 3, 21, 10, 22), at(2024, 3, 22, 5, 17), None, "2024-Q1"),
    ]
    assert ask("select before, after, better from raw.ledger_measurements order by 1 desc") == [
        (number("330"), number("160"), "lower"),
        (number("37"), number("85"), "higher"),
        (number("30"), number("12"), "lower"),
        (number("17"), number("7"), "lower"),
    ]


def at(*parts):
    return datetime(*parts, tzinfo=UTC)


BAD_CELLS = ["2024-13-01", "soon", "45292", "01/02/2024"]


@examples(40)
@given(st.lists(st.tuples(st.booleans(), st.sampled_from(BAD_CELLS)), min_size=1, max_size=30))
def test_any_wrong_rows_leave_exactly_the_right_ones(tmp_path_factory, rows):
    ledger = Ledger(tmp_path_factory.mktemp("ledger"))
    lines = [f"T-{n},{'2024-01-05' if good else bad}" for n, (good, bad) in enumerate(rows)]
    ledger.write("tasks.csv", "\n".join(["task,planned_on", *lines]) + "\n")
    right = [f"T-{n}" for n, (good, _) in enumerate(rows) if good]
    wrong = [(f"T-{n}", n + 2) for n, (good, _) in enumerate(rows) if not good]

    reading = ledger.read()
    assert [key for _, key in reading.rows] == right
    assert [(one.key, one.place.line) for one in reading.rejected] == wrong
    counts = ledger.mine()
    assert (counts.get("ledger_tasks", 0), counts.get("rejects", 0)) == (len(right), len(wrong))
    assert [key for (key,) in ledger.stored("ledger_tasks", "task_id")] == right
