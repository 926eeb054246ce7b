"""Test facts on issues."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.rows.row_histories import builder, instant, rows, table
from tests.support.rows.trackers import APR, FEB, JAN, MAR, MAY, REPOSITORY, TRACKER, TrackerRows
from warehouse.calendar import Calendar
from warehouse.context import Context, IdentityRule

build = builder("facts.issues", "facts.accounts", "marts.issue_closure_quarterly")
FLOWS = """
    select
        quarter, open_at_start_count, opened_count, closed_count, reopened_count,
        moved_in_count, moved_out_count, deleted_count, open_at_end_count
    from marts.issue_closure_quarterly order by source, quarter
"""


def test_comments_and_events_that_are_deleted_count_no_more(tmp_path):
    first = TrackerRows(looked_at=instant("2024-05-01"))
    first.issue(1, ("closed", FEB), updated_at=FEB)
    first.comment(1, "bob", FEB)
    first.found(tmp_path)
    sweep = TrackerRows(looked_at=instant("2024-06-01"))
    sweep.deleted("comments", "comment/c0")
    sweep.deleted("item_events", "issue/1/1")
    sweep.write(tmp_path)

    query = "select is_open, first_response_at from facts.issues"
    assert rows(build(tmp_path), query) == [(True, None)]
    assert rows(build(tmp_path, known_at=instant("2024-05-15")), query) == [(False, instant(FEB))]


def test_a_stale_answer_that_arrives_late_does_not_win(tmp_path):
    """The newest version is the one that the tracker changed last, now and as known then."""
    for day, title, updated_at in (
        ("2024-06-01", "one", FEB),
        ("2024-06-02", "two", APR),
        ("2024-06-03", "stale", MAR),
    ):
        tracker = TrackerRows(looked_at=instant(day))
        tracker.issue(1, title=title, updated_at=updated_at)
        tracker.found(tmp_path)

    titles = {
        day: rows(build(tmp_path, known_at=instant(day)), "select title from facts.issues")
        for day in ("2024-06-01", "2024-06-02", "2024-06-03")
    }
    assert titles == {
        "2024-06-01": [("one",)],
        "2024-06-02": [("two",)],
        "2024-06-03": [("two",)],
    }


def test_bots_and_the_author_do_not_respond(tracker, tmp_path):
    """Bots by the tracker's word, by a rule of the settings and by name; then a person."""
    tracker.issue(1)
    tracker.comment(1, "ann", "2024-01-10T01:00")
    tracker.comment(1, "helper", "2024-01-10T02:00", author_kind="bot")
    tracker.comment(1, "agent", "2024-01-10T03:00")
    tracker.comment(1, "stale[bot]", "2024-01-10T04:00")
    tracker.comment(1, "bob", "2024-01-10T06:00")
    tracker.comment(1, "cleo", "2024-01-10T05:00")
    tracker.issue(2)
    tracker.comment(2, "ghost", "2024-01-10T02:00", author_kind="ghost")
    tracker.found(tmp_path)
    rules = (IdentityRule("ai_agent", r"<agent@users\.noreply\.github\.com>"),)
    connection = build(tmp_path, Context(identity_rules=rules))

    query = "select first_response_login, response_seconds from facts.issues order by issue_number"
    assert rows(connection, query) == [("cleo", 5 * 3600), ("ghost", 2 * 3600)]
    assert rows(connection, "select login, account_kind from facts.accounts order by 1") == [
        ("agent", "ai_agent"),
        ("ann", "person"),
        ("bob", "person"),
        ("cleo", "person"),
        ("ghost", "ghost"),
        ("helper", "bot"),
        ("stale[bot]", "bot"),
    ]


WHOLE = [
    {
        "source": REPOSITORY,
        "tracker_source": TRACKER,
        "issue_number": 3,
        "item_id": "issue-3",
        "url": "https://github.com/o/r/issues/3",
        "title": "Broken",
        "author_login": "ann",
        "author_account_kind": "person",
        "assignees": '["bob"]',
        "labels": '["bug", "easy"]',
        "milestone_id": "m1",
        "milestone_title": "One",
        "issue_type": "Bug",
        "is_part": False,
        "is_locked": False,
        "is_confidential": False,
        "comment_count": 1,
        "state": "closed",
        "state_reason": "completed",
        "is_open": False,
        "reopen_count": 1,
        "closing_evidence": "event",
        "closed_by_login": "bob",
        "closed_by_commit_hash": "abc",
        "closed_by_change_request_number": 7,
        "close_seconds": 90 * 86400 + 43200,
        "days_to_close": 90.5,
        "first_response_login": "bob",
        "response_seconds": 86400,
        "fate": None,
        "moved_to": None,
        "opened_at": instant(JAN),
        "updated_at": instant("2024-04-09T12:00"),
        "first_response_at": instant("2024-01-11T00:00"),
        "first_closed_at": instant(FEB),
        "closed_at": instant("2024-04-09T12:00"),
        "gone_noticed_at": None,
        "quarter": "2024-Q1",
        "quarter_starts_on": date(2024, 1, 1),
    }
]


def test_a_whole_issue(tracker, tmp_path):
    closed = {"actor_login": "bob", "commit_hash": "abc", "closing_item_id": "change_request-7"}
    tracker.issue(
        3,
        *[("closed", FEB), ("reopened", MAR), ("closed", "2024-04-09T12:00", closed)],
        title="Broken",
        labels=["bug", "easy"],
        assignees=["bob"],
        milestone_id="m1",
        milestone_title="One",
        state="closed",
        state_reason="completed",
        issue_type="Bug",
        closed_at="2024-04-09T12:00",
        closed_by_login="bob",
        url="https://github.com/o/r/issues/3",
        comment_count=1,
        is_confidential=False,
    )
    tracker.change_request(7)
    tracker.comment(3, "bob", "2024-01-11T00:00")
    tracker.found(tmp_path)

    assert table(build(tmp_path), "select * from facts.issues") == WHOLE


@pytest.mark.parametrize(
    ("calendar", "quarters"),
    [
        (Calendar(), [("2024-Q1", 0, 1, 1, 0), ("2024-Q2", 0, 0, 0, 0)]),
        (Calendar("Asia/Seoul"), [("2024-Q1", 0, 1, 0, 1), ("2024-Q2", 1, 0, 1, 0)]),
    ],
)
def test_a_closing_belongs_to_the_quarter_of_the_calendar(tracker, tmp_path, calendar, quarters):
    """Closed at 23:59 on the last day in UTC, which is the next quarter in Seoul."""
    tracker.issue(1, ("closed", "2024-03-31T23:59"), state="closed", closed_at="2024-03-31T23:59")
    tracker.found(tmp_path)
    query = """
        select quarter, open_at_start_count, opened_count, closed_count, open_at_end_count
        from marts.issue_closure_quarterly where quarter < '2024-Q3' order by quarter
    """

    assert rows(build(tmp_path, Context(calendar=calendar)), query) == quarters


def test_the_books_of_a_year(tmp_path):
    tracker = TrackerRows(looked_at=instant("2024-07-15"))
    tracker.issue(1, ("closed", FEB), ("reopened", APR), ("closed", MAY), state="closed")
    tracker.issue(2, ("transferred_in", FEB), created_at="2023-05-01T00:00")
    tracker.issue(3, ("transferred_out", MAY))
    tracker.issue(4, created_at=APR)
    tracker.found(tmp_path)
    sweep = TrackerRows(looked_at=instant("2024-08-01"))
    sweep.deleted("issues", "4")
    sweep.write(tmp_path)

    assert rows(build(tmp_path), FLOWS) == [
        ("2024-Q1", 0, 2, 1, 0, 1, 0, 0, 2),
        ("2024-Q2", 2, 1, 1, 1, 0, 1, 0, 2),
        ("2024-Q3", 2, 0, 0, 0, 0, 0, 1, 1),
    ]
