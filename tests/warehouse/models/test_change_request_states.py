"""Test between which instants change requests are open and closed."""

from __future__ import annotations

from tests.support.rows.merged_requests import at
from tests.support.rows.row_histories import instant
from tests.support.rows.side_by_side import SideBySide

side_by_side = SideBySide("intermediate.change_request_states")

STATES = """
    select state, valid_from, valid_to
    from intermediate.change_request_states
    where tracker_source = getvariable('source') || '#tracker'
    order by valid_from
"""


def states(*turns):
    """List the states that begin at these instants, each until the next."""
    ends = [turned_at for _, turned_at in turns[1:]]
    return [
        (state, instant(since), instant(until))
        for (state, since), until in zip(turns, [*ends, None], strict=True)
    ]


@side_by_side
def test_of_events_of_one_instant_the_last_one_holds(tracker):
    """Event 10 comes after event 9."""
    events = [("closed", at(3), {"event_id": "9"}), ("reopened", at(3), {"event_id": "10"})]
    tracker.change_request(1, *events, created_at=at(2))

    assert (yield STATES) == states(("open", at(2)))


@side_by_side
def test_a_closing_without_an_event_is_when_the_field_says(tracker):
    """What changed later, such as a comment, does not move it."""
    facts = {"closed_at": at(3), "updated_at": at(20)}
    tracker.change_request(1, state="closed", created_at=at(2), **facts)

    assert (yield STATES) == states(("open", at(2)), ("closed", at(3)))


@side_by_side
def test_a_reopening_without_an_event_is_when_it_was_last_changed(tracker):
    events = [("closed", at(3))]
    tracker.change_request(1, *events, created_at=at(2), updated_at=at(4))

    assert (yield STATES) == states(("open", at(2)), ("closed", at(3)), ("open", at(4)))
