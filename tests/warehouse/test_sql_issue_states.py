"""In which states issues were, and until when they were there."""

from __future__ import annotations

import pytest
from histories import builder, instant, rows
from trackers import APR, FEB, JAN, JUN, MAR, Tracker

build = builder("facts.issues", "facts.issue_states", "marts.issue_closure_quarterly")

STATES = """
    select
        state, began_by, valid_from_evidence, ended_by, valid_to_evidence,
        strftime(valid_from_at, '%Y-%m-%dT%H:%M') as began,
        strftime(valid_to_at, '%Y-%m-%dT%H:%M') as ended
    from facts.issue_states order by issue_number, state_number
"""


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
