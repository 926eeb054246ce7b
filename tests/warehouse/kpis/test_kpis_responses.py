"""Test first responses to change requests."""

from __future__ import annotations

from tests.support.rows.merged_requests import at, merged
from tests.support.rows.side_by_side import SideBySide

side_by_side = SideBySide("intermediate.change_request_responses", "staging.trackers")

RESPONSES = """
    select response_login, response_seconds / 3600
    from intermediate.change_request_responses
    inner join staging.trackers using (tracker_source)
    where source = getvariable('source')
"""


@side_by_side
def test_a_comment_is_a_response_and_no_review(tracker):
    merged(tracker, 1)
    tracker.comment(1, "cleo", at(2, 6), item_kind="change_request")
    tracker.review(1, "bob", at(2, 12), "approved")

    assert (yield RESPONSES) == [("cleo", 6)]


@side_by_side
def test_a_review_before_any_comment_is_the_response(tracker):
    merged(tracker, 1)
    tracker.review(1, "bob", at(2, 6), "approved")
    tracker.comment(1, "cleo", at(2, 12), item_kind="change_request")

    assert (yield RESPONSES) == [("bob", 6)]


@side_by_side
def test_bots_the_author_and_thanks_after_the_merge_are_no_response(tracker):
    merged(tracker, 1)
    for login, when in (("ci[bot]", at(2, 1)), ("ann", at(2, 2)), ("cleo", at(6))):
        tracker.comment(1, login, when, item_kind="change_request")

    assert (yield RESPONSES) == [(None, None)]


@side_by_side
def test_what_is_said_about_a_draft_is_no_response(tracker):
    """The wait begins when it gets ready, and again when it gets ready once more."""
    merged(tracker, 1, ("ready", at(2, 12)), ("draft", at(3)), ("ready", at(3, 12)))
    tracker.comment(1, "cleo", at(2, 6), item_kind="change_request")
    tracker.comment(1, "cleo", at(3, 18), item_kind="change_request")

    assert (yield RESPONSES) == [("cleo", 6)]


@side_by_side
def test_one_that_never_got_ready_waits_for_no_response(tracker):
    tracker.change_request(1, created_at=at(2), is_draft=True)
    tracker.comment(1, "cleo", at(2, 6), item_kind="change_request")

    assert (yield RESPONSES) == []


@side_by_side
def test_the_last_ready_before_the_response_begins_the_wait_of_one_opened_ready(tracker):
    tracker.change_request(1, ("draft", at(3)), ("ready", at(4)), created_at=at(2))
    tracker.comment(1, "cleo", at(5), item_kind="change_request")

    assert (yield RESPONSES) == [("cleo", 24)]
