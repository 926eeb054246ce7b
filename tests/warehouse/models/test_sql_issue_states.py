"""In which states issues were, and until when they were there."""

from __future__ import annotations

from tests.support.rows.row_histories import builder, instant, rows
from tests.support.rows.side_by_side import SideBySide
from tests.support.rows.trackers import APR, FEB, JAN, JUN, MAR, TrackerRows

TABLES = ("facts.issues", "facts.issue_states", "marts.issue_closure_quarterly")
build, side_by_side = builder(*TABLES), SideBySide(*TABLES)

STATES = """
    select
        state, began_by, valid_from_evidence, ended_by, valid_to_evidence,
        strftime(valid_from_at, '%Y-%m-%dT%H:%M') as began,
        strftime(valid_to_at, '%Y-%m-%dT%H:%M') as ended
    from facts.issue_states
    where source = coalesce(getvariable('source'), source)
    order by issue_number, state_number
"""


@side_by_side
def test_an_issue_that_is_only_open_stays_open(tracker):
    tracker.issue(1)

    assert (yield STATES) == [("open", "opened", "opening", None, None, JAN, None)]


@side_by_side
def test_closings_and_reopenings_follow_the_events(tracker):
    events = [("closed", FEB), ("reopened", MAR), ("closed", APR)]
    tracker.issue(1, *events, state="closed", closed_at=APR)

    assert (yield STATES) == [
        ("open", "opened", "opening", "closed", "event", JAN, FEB),
        ("closed", "closed", "event", "reopened", "event", FEB, MAR),
        ("open", "reopened", "event", "closed", "event", MAR, APR),
        ("closed", "closed", "event", None, None, APR, None),
    ]


@side_by_side
def test_a_repeated_close_is_no_change(tracker):
    """GitHub moves closed_at with the second closing; the first one closed it."""
    tracker.issue(1, ("closed", FEB), ("closed", MAR), state="closed", closed_at=MAR)

    assert (yield STATES)[1:] == [("closed", "closed", "event", None, None, FEB, None)]


@side_by_side
def test_events_of_one_instant_are_in_the_order_of_their_numbers(tracker):
    closed, reopened = ("closed", FEB, {"event_id": "9"}), ("reopened", FEB, {"event_id": "10"})
    tracker.issue(1, reopened, closed)

    found = yield STATES

    assert [state for state, *_ in found] == ["open", "closed", "open"]


@side_by_side
def test_a_close_without_an_event_is_known_by_the_field(tracker):
    tracker.issue(1, state="closed", closed_at=FEB, updated_at=MAR)

    assert (yield STATES) == [
        ("open", "opened", "opening", "closed", "state_field", JAN, FEB),
        ("closed", "closed", "state_field", None, None, FEB, None),
    ]


@side_by_side
def test_a_closing_after_the_last_opening_without_an_event_is_when_it_was_first_said(tracker):
    """closed_at is older than the reopening here, so that it cannot be the closing's time."""
    events = [("closed", FEB), ("reopened", MAR)]
    tracker.issue(1, *events, state="closed", closed_at=FEB, updated_at=APR)

    assert (yield STATES)[-1] == (
        *("closed", "closed", "state_field", None, None),
        *(APR, None),
    )


def test_an_issue_open_after_its_close_event_was_reopened_when_it_was_first_said(tmp_path):
    """Later versions that say so too do not move the instant."""
    first = TrackerRows(looked_at=instant("2024-06-01"))
    first.issue(1, ("closed", FEB), updated_at=APR)
    first.found(tmp_path)
    second = TrackerRows(looked_at=instant("2024-07-01"))
    second.issue(1, title="Other", updated_at=JUN)
    second.write(tmp_path)

    assert rows(build(tmp_path), STATES)[-1] == (
        *("open", "reopened", "state_field", None, None),
        *(APR, None),
    )


@side_by_side
def test_a_field_that_is_older_than_the_last_event_is_not_heard(tracker):
    """The list was read before the issue was closed, and its events after."""
    tracker.issue(1, ("closed", FEB), state="open", updated_at=JAN)

    assert (yield STATES)[-1] == ("closed", "closed", "event", None, None, FEB, None)


@side_by_side
def test_an_issue_that_was_transferred_here_is_here_from_then(tracker):
    """What its events record before makes the state in which it comes."""
    tracker.issue(1, ("transferred_in", MAR), ("closed", APR), state="closed", closed_at=APR)
    tracker.issue(2, ("closed", FEB), ("transferred_in", MAR), state="closed", closed_at=FEB)

    assert (yield STATES) == [
        ("open", "moved_in", "event", "closed", "event", MAR, APR),
        ("closed", "closed", "event", None, None, APR, None),
        ("closed", "moved_in", "event", None, None, MAR, None),
    ]


@side_by_side
def test_an_issue_leaves_by_transfer_conversion_or_move(tracker):
    """The closing that a move brings about is part of it."""
    tracker.issue(1, ("transferred_out", FEB), state="open")
    tracker.issue(2, ("converted", MAR), ("closed", "2024-03-10T00:01"), state="closed")
    moved = {"state": "closed", "moved_to": "o/other#4", "closed_at": APR}
    tracker.issue(3, ("closed", "2024-04-10T00:00"), **moved)
    tracker.issue(4, ("closed", FEB), ("transferred_out", MAR), state="closed", closed_at=FEB)

    assert (yield STATES) == [
        ("open", "opened", "opening", "moved_out", "event", JAN, FEB),
        ("open", "opened", "opening", "moved_out", "event", JAN, MAR),
        ("open", "opened", "opening", "moved_out", "state_field", JAN, APR),
        ("open", "opened", "opening", "closed", "event", JAN, FEB),
        ("closed", "closed", "event", "moved_out", "event", FEB, MAR),
    ]


@side_by_side
def test_a_closing_within_a_minute_of_a_transfer_is_part_of_it(tracker):
    """One of a minute and a second before it is a closing of its own."""
    for number, closed_at in enumerate(("23:59:30", "23:59:00", "23:58:59"), 1):
        closed = ("closed", f"2024-03-09T{closed_at}")
        tracker.issue(number, closed, ("transferred_out", MAR), state="closed")

    left = ("open", "opened", "opening", "moved_out", "event", JAN, MAR)
    assert (yield STATES) == [
        *(left, left),
        ("open", "opened", "opening", "closed", "event", JAN, "2024-03-09T23:58"),
        ("closed", "closed", "event", "moved_out", "event", "2024-03-09T23:58", MAR),
    ]


# What a deletion check records of a missing issue, what that ends, and what the issue then states.
FATES = (
    ("deleted", "deleted", "deleted"),
    ("removed", "deleted", "deleted"),
    ("hidden", "deleted", "hidden"),
    ("transferred", "moved_out", "transferred"),
)


def test_an_issue_that_a_deletion_check_did_not_find_is_deleted_since_then(tmp_path):
    first, sweep = (TrackerRows(looked_at=instant(day)) for day in ("2024-04-01", "2024-06-01"))
    for number, (fate, _ended_by, _told) in enumerate(FATES, 1):
        first.issue(number)
        sweep.deleted("issues", str(number), fate)
    first.found(tmp_path)
    sweep.write(tmp_path)

    connection = build(tmp_path)
    assert rows(connection, STATES) == [
        ("open", "opened", "opening", ended_by, "tombstone", JAN, "2024-06-01T00:00")
        for _fate, ended_by, _told in FATES
    ]
    query = "select fate, gone_noticed_at, is_open from facts.issues order by issue_number"
    assert rows(connection, query) == [
        (told, instant("2024-06-01"), False) for _fate, _ended_by, told in FATES
    ]
    assert rows(build(tmp_path, known_at=instant("2024-05-01")), STATES) == [
        ("open", "opened", "opening", None, None, JAN, None) for _ in FATES
    ]


def test_an_issue_that_came_back_is_not_deleted(tmp_path):
    """By a deletion check that finds it, or because it was found again after its tombstone."""
    gone, later = (TrackerRows(looked_at=instant(day)) for day in ("2024-05-01", "2024-06-01"))
    gone.issue(1)
    gone.deleted("issues", "1", "hidden")
    gone.deleted("issues", "2")
    gone.found(tmp_path)
    later.deleted("issues", "1", None, is_gone=False)
    later.issue(2)
    later.write(tmp_path)

    query = "select issue_number, fate, is_open from facts.issues order by 1"
    assert rows(build(tmp_path), query) == [(1, None, True), (2, None, True)]
    assert rows(build(tmp_path, known_at=instant("2024-05-15")), query) == [(1, "hidden", False)]


def test_a_deletion_stays_in_its_quarter_whatever_its_fate_is_called_later(tmp_path):
    """Only what was there again in between is deleted again: then the last deletion counts."""
    polls = {
        day: TrackerRows(looked_at=instant(f"2024-{day}")) for day in ("02-01", "05-01", "08-01")
    }
    for number in (1, 2, 3):
        polls["02-01"].issue(number)
    fates_of = [
        ("hidden", "deleted", "deleted"),
        ("removed", None, "hidden"),
        (None, "hidden", "removed"),
    ]
    for number, fates in enumerate(fates_of, 1):
        for poll, fate in zip(polls.values(), fates, strict=True):
            if fate or poll.looked_at.month > 2:
                poll.deleted("issues", str(number), fate, is_gone=fate is not None)
    polls["02-01"].found(tmp_path)
    polls["05-01"].write(tmp_path)
    polls["08-01"].write(tmp_path)

    deleted = "select quarter, deleted_count from marts.issue_closure_quarterly order by quarter"
    assert rows(build(tmp_path), deleted) == [("2024-Q1", 1), ("2024-Q2", 1), ("2024-Q3", 1)]
    ended = "select strftime(valid_to_at, '%Y-%m-%d') from facts.issue_states order by issue_number"
    assert rows(build(tmp_path), ended) == [("2024-02-01",), ("2024-08-01",), ("2024-05-01",)]
