"""What the facts say of issues, against answers worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest
from histories import builder, instant, table
from trackers import REPOSITORY, TRACKER, Tracker

from warehouse.context import Calendar, Context, IdentityRule

build = builder(
    "facts.issues", "facts.issue_states", "facts.accounts", "marts.issue_closure_quarterly"
)

STATES = """
    select
        state, began_by, valid_from_evidence, ended_by, valid_to_evidence,
        strftime(valid_from_at, '%Y-%m-%dT%H:%M') as began,
        strftime(valid_to_at, '%Y-%m-%dT%H:%M') as ended
    from facts.issue_states order by issue_number, state_number
"""
FLOWS = """
    select
        quarter, open_at_start_count, opened_count, closed_count, reopened_count,
        moved_in_count, moved_out_count, deleted_count, open_at_end_count
    from marts.issue_closure_quarterly order by source, quarter
"""
JAN, FEB, MAR = "2024-01-10T00:00", "2024-02-10T00:00", "2024-03-10T00:00"
APR, MAY, JUN = "2024-04-10T00:00", "2024-05-10T00:00", "2024-06-10T00:00"


@pytest.fixture
def tracker():
    return Tracker()


def rows(connection, query):
    return [tuple(row.values()) for row in table(connection, query)]


def states_of(tracker, store):
    tracker.found(store)
    return rows(build(store), STATES)


def test_an_issue_that_is_only_open_stays_open(tracker, tmp_path):
    tracker.issue(1)

    assert states_of(tracker, tmp_path) == [("open", "opened", "opening", None, None, JAN, None)]


def test_closings_and_reopenings_follow_the_events(tracker, tmp_path):
    events = [("closed", FEB), ("reopened", MAR), ("closed", APR)]
    tracker.issue(1, *events, state="closed", closed_at=APR)

    assert states_of(tracker, tmp_path) == [
        ("open", "opened", "opening", "closed", "event", JAN, FEB),
        ("closed", "closed", "event", "reopened", "event", FEB, MAR),
        ("open", "reopened", "event", "closed", "event", MAR, APR),
        ("closed", "closed", "event", None, None, APR, None),
    ]


def test_a_repeated_close_is_no_change(tracker, tmp_path):
    """GitHub moves closed_at with the second closing; the first one closed it."""
    tracker.issue(1, ("closed", FEB), ("closed", MAR), state="closed", closed_at=MAR)

    assert states_of(tracker, tmp_path)[1:] == [
        ("closed", "closed", "event", None, None, FEB, None)
    ]


def test_events_of_one_instant_stand_in_the_order_of_their_numbers(tracker, tmp_path):
    closed, reopened = ("closed", FEB, {"event_id": "9"}), ("reopened", FEB, {"event_id": "10"})
    tracker.issue(1, reopened, closed)

    found = states_of(tracker, tmp_path)

    assert [state for state, *_ in found] == ["open", "closed", "open"]


def test_a_close_without_an_event_is_told_by_the_field(tracker, tmp_path):
    tracker.issue(1, state="closed", closed_at=FEB, updated_at=MAR)

    assert states_of(tracker, tmp_path) == [
        ("open", "opened", "opening", "closed", "state_field", JAN, FEB),
        ("closed", "closed", "state_field", None, None, FEB, None),
    ]


def test_a_closing_after_the_last_opening_without_an_event_is_when_it_was_first_said(
    tracker, tmp_path
):
    """closed_at is older than the reopening here, so that it cannot be the closing's time."""
    events = [("closed", FEB), ("reopened", MAR)]
    tracker.issue(1, *events, state="closed", closed_at=FEB, updated_at=APR)

    assert states_of(tracker, tmp_path)[-1] == (
        *("closed", "closed", "state_field", None, None),
        *(APR, None),
    )


def test_an_issue_open_after_its_close_event_was_reopened_when_it_was_first_said(tmp_path):
    """Later versions that say so too do not move the instant."""
    first = Tracker(looked_at=instant("2024-06-01"))
    first.issue(1, ("closed", FEB), updated_at=APR)
    first.found(tmp_path)
    second = Tracker(looked_at=instant("2024-07-01"))
    second.issue(1, title="Other", updated_at=JUN)
    second.write(tmp_path)

    assert rows(build(tmp_path), STATES)[-1] == (
        *("open", "reopened", "state_field", None, None),
        *(APR, None),
    )


def test_a_field_that_is_older_than_the_last_event_is_not_heard(tracker, tmp_path):
    """The list was read before the issue was closed, and its events after."""
    tracker.issue(1, ("closed", FEB), state="open", updated_at=JAN)

    assert states_of(tracker, tmp_path)[-1] == ("closed", "closed", "event", None, None, FEB, None)


def test_an_issue_that_was_transferred_here_is_here_from_then(tracker, tmp_path):
    """What its events tell of before makes the state in which it comes."""
    tracker.issue(1, ("transferred_in", MAR), ("closed", APR), state="closed", closed_at=APR)
    tracker.issue(2, ("closed", FEB), ("transferred_in", MAR), state="closed", closed_at=FEB)

    assert states_of(tracker, tmp_path) == [
        ("open", "moved_in", "event", "closed", "event", MAR, APR),
        ("closed", "closed", "event", None, None, APR, None),
        ("closed", "moved_in", "event", None, None, MAR, None),
    ]


def test_an_issue_leaves_by_transfer_conversion_or_move(tracker, tmp_path):
    """The closing that a move brings about is part of it."""
    tracker.issue(1, ("transferred_out", FEB), state="open")
    tracker.issue(2, ("converted", MAR), ("closed", "2024-03-10T00:01"), state="closed")
    moved = {"state": "closed", "moved_to": "o/other#4", "closed_at": APR}
    tracker.issue(3, ("closed", "2024-04-10T00:00"), **moved)
    tracker.issue(4, ("closed", FEB), ("transferred_out", MAR), state="closed", closed_at=FEB)

    assert states_of(tracker, tmp_path) == [
        ("open", "opened", "opening", "moved_out", "event", JAN, FEB),
        ("open", "opened", "opening", "moved_out", "event", JAN, MAR),
        ("open", "opened", "opening", "moved_out", "state_field", JAN, APR),
        ("open", "opened", "opening", "closed", "event", JAN, FEB),
        ("closed", "closed", "event", "moved_out", "event", FEB, MAR),
    ]


@pytest.mark.parametrize(
    ("fate", "ended_by", "told"),
    [
        ("deleted", "deleted", "deleted"),
        ("removed", "deleted", "deleted"),
        ("hidden", "deleted", "hidden"),
        ("transferred", "moved_out", "transferred"),
    ],
)
def test_an_issue_that_a_sweep_did_not_find_is_gone_since_then(tmp_path, fate, ended_by, told):
    first = Tracker(looked_at=instant("2024-04-01"))
    first.issue(1)
    first.found(tmp_path)
    sweep = Tracker(looked_at=instant("2024-06-01"))
    sweep.gone("issues", "1", fate)
    sweep.write(tmp_path)

    connection = build(tmp_path)
    assert rows(connection, STATES) == [
        ("open", "opened", "opening", ended_by, "tombstone", JAN, "2024-06-01T00:00")
    ]
    assert rows(connection, "select fate, gone_noticed_at, is_open from facts.issues") == [
        (told, instant("2024-06-01"), False)
    ]
    assert rows(build(tmp_path, known_at=instant("2024-05-01")), STATES) == [
        ("open", "opened", "opening", None, None, JAN, None)
    ]


def test_an_issue_that_came_back_is_not_gone(tmp_path):
    for day, is_gone in (("2024-05-01", True), ("2024-06-01", False)):
        sweep = Tracker(looked_at=instant(day))
        if is_gone:
            sweep.issue(1)
            sweep.add("trackers")
        sweep.gone("issues", "1", "hidden" if is_gone else None, is_gone=is_gone)
        sweep.write(tmp_path)

    assert rows(build(tmp_path), "select fate, is_open from facts.issues") == [(None, True)]
    known = build(tmp_path, known_at=instant("2024-05-15"))
    assert rows(known, "select fate, is_open from facts.issues") == [("hidden", False)]


def test_what_was_found_anew_after_its_tombstone_is_there(tmp_path):
    gone = Tracker(looked_at=instant("2024-05-01"))
    gone.gone("issues", "1")
    gone.found(tmp_path)
    later = Tracker(looked_at=instant("2024-06-01"))
    later.issue(1)
    later.write(tmp_path)

    assert rows(build(tmp_path), "select fate, is_open from facts.issues") == [(None, True)]


def test_comments_and_events_that_are_gone_count_no_more(tmp_path):
    first = Tracker(looked_at=instant("2024-05-01"))
    first.issue(1, ("closed", FEB), updated_at=FEB)
    first.comment(1, "bob", FEB)
    first.found(tmp_path)
    sweep = Tracker(looked_at=instant("2024-06-01"))
    sweep.gone("comments", "comment/c0")
    sweep.gone("item_events", "issue/1/1")
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
        tracker = Tracker(looked_at=instant(day))
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

    assert table(build(tmp_path), "select * from facts.issues") == [
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

    assert rows(build(tmp_path, Context(calendar)), query) == quarters


def test_the_books_of_a_year(tmp_path):
    tracker = Tracker(looked_at=instant("2024-07-15"))
    tracker.issue(1, ("closed", FEB), ("reopened", APR), ("closed", MAY), state="closed")
    tracker.issue(2, ("transferred_in", FEB), created_at="2023-05-01T00:00")
    tracker.issue(3, ("transferred_out", MAY))
    tracker.issue(4, created_at=APR)
    tracker.found(tmp_path)
    sweep = Tracker(looked_at=instant("2024-08-01"))
    sweep.gone("issues", "4")
    sweep.write(tmp_path)

    assert rows(build(tmp_path), FLOWS) == [
        ("2024-Q1", 0, 2, 1, 0, 1, 0, 0, 2),
        ("2024-Q2", 2, 1, 1, 1, 0, 1, 0, 2),
        ("2024-Q3", 2, 0, 0, 0, 0, 0, 1, 1),
    ]
