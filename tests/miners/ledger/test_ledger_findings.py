"""Findings of a ledger: files and rows that may not count."""

from __future__ import annotations

import pytest

from miners.ledger.findings import findings
from tests.support.rows.ledgers import Ledger, days


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path)


def found(ledger):
    return findings(ledger.read(), ledger.source)


def test_a_ledger_that_counts_as_intended_has_none(ledger):
    ledger.write("projects.csv", "project,active_from\nweb,2024-01-01\n")
    ledger.write(
        "activities.csv", "date,kind,project\n2024-01-01,training,web\n2024-01-02,lunch,\n"
    )

    assert found(ledger) == []


def test_files_folders_and_sheets_of_no_table_are_named(ledger):
    ledger.write("tasks.csv", "task,planned_on\nT-1,2024-01-02\n")
    ledger.write("budget.csv", "a\n")
    ledger.write("tasks.numbers", "x")
    ledger.write("2024/tasks.csv", "task,planned_on\nT-2,2024-01-02\n")
    ledger.write("pictures/plan.png", "x")

    assert found(ledger) == [
        "Not read: 2024/, because no table is called '2024'",
        "Not read: budget.csv, because no table is called 'budget'",
        "Not read: tasks.numbers, because no ledger has files of the format .numbers",
    ]


@pytest.mark.parametrize(
    ("kind", "known"),
    [
        ("출장", "business_trip"),
        ("해외 출장", "business_trip"),
        ("통합 테스트", "test_iteration"),
        ("주간 회의", "weekly_planning"),
        ("会議", "meeting"),
        ("テスト", "test_iteration"),
        ("buisness_trip", "business_trip"),
    ],
)
def test_kinds_near_a_known_one_are_named(ledger, kind, known):
    ledger.write("activities.csv", f"date,kind\n2024-01-05,{kind}\n2024-01-06,{kind}\n")

    word = kind.replace(" ", "_")
    assert found(ledger) == [f"Activities: 2 of kind {word!r}; did you mean {known!r}?"]


def test_rows_outside_the_dates_of_their_project_are_named(ledger):
    ledger.write("projects.csv", "project,active_from,active_until\nweb,2024-02-01,2024-03-31\n")
    ledger.write(
        "tasks.csv",
        "task,project,planned_on,completed_on\nT-1,web,2024-02-01,2024-03-31\n"
        "T-2,web,2024-01-31,\nT-3,web,2024-03-01,2024-04-01\nT-4,other,2024-01-01,\n",
    )
    # 31 March in UTC, and the first of April in Seoul.
    ledger.write("incidents.csv", "id,project,started_at\nI-1,web,2024-03-31T23:00:00Z\n")

    dates = "Outside the dates of the project (from 2024-02-01 until 2024-03-31)"
    assert found(ledger) == [
        f"{dates}: incidents: 1 row of 'web'; the first is incidents.csv:2",
        f"{dates}: tasks: 2 rows of 'web'; the first is tasks.csv:3",
    ]


def test_dates_of_the_settings_take_precedence(ledger):
    ledger.options = {"periods": {"ledger": (days("2024-02-01"), None), "web": (None, None)}}
    ledger.write("projects.csv", "project,active_from\nledger,2023-01-01\nweb,2024-01-01\n")
    ledger.write("tasks.csv", "task,project,planned_on\nT-1,,2024-01-31\nT-2,web,2023-12-31\n")

    assert [line.partition(": ")[0] for line in found(ledger)] == [
        "Outside the dates of the project (from 2024-02-01)",
        "Outside the dates of the project (from 2024-01-01)",
    ]


def test_findings_are_stored_with_the_ledger_until_they_are_corrected(ledger):
    ledger.write("activities.csv", "date,kind\n2024-01-05,출장\n")
    ledger.write("budget.csv", "a\n")
    ledger.mine()
    ledger.write("activities.csv", "date,kind\n2024-01-05,business_trip\n")
    (ledger.folder / "budget.csv").unlink()
    ledger.mine()

    budget = "Not read: budget.csv, because no table is called 'budget'"
    assert ledger.stored("ledgers", "findings") == [
        (f"{budget}\nActivities: 1 of kind '출장'; did you mean 'business_trip'?",),
        (None,),
    ]
