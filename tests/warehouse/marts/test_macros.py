"""Test the macros of the published file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.rows.row_histories import ANN, BOB, ROBOT, HistoryRows, builder, rows
from tests.support.rows.trackers import FEB, JAN, MAR, MAY, REPOSITORY, TrackerRows
from warehouse.build.schemas import MACROS
from warehouse.calendar import Calendar
from warehouse.context import Context, IdentityRule
from warehouse.sql import sql_files, sql_folder

TABLES = (
    *("facts.change_request_states", "facts.commit_files", "facts.quarters"),
    "marts.issue_closure_quarterly",
)
SEOUL = Context(
    calendar=Calendar(time_zone="Asia/Seoul", first_month=4),
    identity_rules=(IdentityRule("bot", r"\[bot\]"),),
)
EXPORTS = Path(__file__).parents[3] / "docs" / "EXPORTS.md"
QUARTERS = "select quarter, quarter_ends_before - 1 as day from facts.quarters"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    store = tmp_path_factory.mktemp("macros")
    history().found(store)
    tracker().found(store)
    with builder(*TABLES)(store, SEOUL) as connection:
        yield connection


def history():
    made = HistoryRows(source=REPOSITORY)
    made.commit("a", at=JAN, by=ANN, files=[("src/x.py", 1, 0), ("srcs", 1, 0)])
    made.commit("b", "a", at=FEB, by=ANN, files=[("src/x.py", 1, 0), ("src/y.py", 1, 0)])
    made.commit("c", "b", at=MAR, by=BOB, files=[("src/y.py", 1, 0)])
    made.commit("d", "c", at="2024-03-31T15:00", by=ROBOT, files=[("src/y.py", 9, 0)])
    made.commit("e", "d", at=MAY, by=BOB, files=[("docs/z", 1, 0)])
    return made


def tracker():
    made = TrackerRows()
    made.issue(1, ("closed", FEB), state="closed", closed_at=FEB)
    made.issue(2, ("closed", FEB), ("reopened", MAR), created_at=JAN)
    made.issue(3, created_at="2024-03-31T15:00")
    made.issue(4, ("closed", MAY), state="closed", closed_at=MAY, created_at=MAR)
    merged = {"state": "closed", "closed_at": MAR, "merged_at": MAR}
    made.change_request(10, ("merged", MAR), **merged)
    made.change_request(11, created_at="2024-03-31T14:59")
    return made


@pytest.mark.parametrize(
    ("day", "issues", "requests"),
    [
        ("2024-01-09", [], []),
        ("2024-01-10", [(1, 0.625), (2, 0.625)], [(10, 0.625)]),
        ("2024-02-10", [], [(10, 31.625)]),
        ("2024-03-31", [(2, 81.625), (4, 21.625)], [(11, 1 / 1440)]),
        ("2024-04-01", [(2, 82.625), (3, 1), (4, 22.625)], [(11, 1 + 1 / 1440)]),
    ],
)
def test_what_was_open_at_the_end_of_a_day_in_seoul(built, day, issues, requests):
    query = "select {}, open_days from marts.{}('{}')"
    found = rows(built, query.format("issue_number", "open_issues_on", day))
    of_requests = rows(built, query.format("change_request_number", "open_change_requests_on", day))
    assert [(number, pytest.approx(days)) for number, days in found] == issues
    assert [(number, pytest.approx(days)) for number, days in of_requests] == requests


def test_open_issues_are_those_that_the_mart_counts_at_the_end_of_a_quarter(built):
    counted = rows(
        built,
        "select quarter, open_at_end_count from marts.issue_closure_quarterly order by quarter",
    )
    listed = [
        (quarter, len(rows(built, f"from marts.open_issues_on('{day}')")))
        for quarter, day in rows(built, f"{QUARTERS} order by quarter")
    ]
    assert counted == listed
    assert [count for _, count in listed] == [2, 2, 2]


@pytest.mark.parametrize("days", [30, 90])
def test_closed_within_days_is_the_count_and_share_of_the_mart(built, days):
    counted = f"""
        select project, source, quarter, closed_within_{days}_days_count,
            closed_within_{days}_days_ratio
        from marts.issue_closure_quarterly semi join facts.issues using (source, quarter)
        order by quarter
    """
    found = f"select * exclude (opened_count) from marts.closed_within({days})"
    assert rows(built, found) == rows(built, counted)


def test_closed_within_days_is_unknown_until_all_were_observed_for_so_long(built):
    assert rows(built, "select quarter, closed_count from marts.closed_within(121)") == [
        ("2024-Q4", 3),
        ("2025-Q1", None),
    ]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("", (1, 2, 4)),
        ("src", (1, 2, 3)),
        ("src/", (1, 2, 3)),
        ("src/y.py", (1, 2, 2)),
        ("docs", (1, 1, 1)),
    ],
)
def test_bus_factor_of_a_file_folder_or_repository(built, path, expected):
    assert rows(built, f"from marts.bus_factor('{path}')") == [(REPOSITORY, *expected)]


def test_bus_factor_of_a_path_that_nobody_changed_has_no_row(built):
    assert rows(built, "from marts.bus_factor('sr')") == []


def test_the_quarter_of_an_instant_is_that_of_the_facts(built):
    query = "select quarter, marts.quarter_of(committed_at) from facts.commits order by all"
    found = rows(built, query)
    assert [fact for fact, _ in found] == [quarter for _, quarter in found]
    assert {quarter for _, quarter in found} == {"2024-Q4", "2025-Q1"}
    assert rows(built, "select marts.quarter_of(timestamptz '2200-01-01')") == [(None,)]


def test_every_macro_is_documented():
    page = EXPORTS.read_text("utf-8")
    assert [p.stem for p in sql_files(sql_folder(), MACROS) if f"`{p.stem}(" not in page] == []
