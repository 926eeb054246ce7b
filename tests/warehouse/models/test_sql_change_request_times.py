"""Test times and phases of change requests."""

from __future__ import annotations

import pytest

from tests.support.rows.merged_requests import at, merged
from tests.support.rows.row_histories import instant
from tests.support.rows.side_by_side import SideBySide

side_by_side = SideBySide("facts.change_requests", "marts.merge_lead_time_quarterly")

PHASES = """
    select
        lead_time_evidence, lead_time_seconds / 3600, coding_seconds / 3600,
        pickup_seconds / 3600, review_seconds / 3600, merge_seconds / 3600,
        unmeasured_seconds / 3600
    from facts.change_requests
    where source = getvariable('source')
"""


@side_by_side
def test_the_phases_of_a_change_request(tracker):
    """One day of coding, six hours of pickup, twelve of review, the rest until the merge."""
    merged(tracker, 1)
    tracker.review(1, "bob", at(2, 6), "changes_requested")
    tracker.review(1, "cleo", at(2, 18), "approved")
    tracker.review(1, "bob", at(3), "approved")

    (found,) = yield PHASES
    assert found == ("head_commits", 96, 24, 6, 12, 54, 0)


@side_by_side
def test_without_a_review_the_time_after_coding_is_unmeasured(tracker):
    merged(tracker, 1)

    (found,) = yield PHASES
    assert found == ("head_commits", 96, 24, None, None, None, 72)


@side_by_side
def test_bots_and_the_author_do_not_review(tracker):
    merged(tracker, 1)
    tracker.review(1, "ci[bot]", at(2, 1), "approved")
    tracker.review(1, "ann", at(2, 2), "commented")
    tracker.review(1, "bob", at(2, 3), "pending")
    tracker.review(1, "bob", at(2, 12))

    (found,) = yield PHASES
    assert found == ("head_commits", 96, 24, 12, None, None, 60)


@side_by_side
def test_an_approval_after_the_merge_ends_no_phase(tracker):
    """The review then has no end, and what followed the pickup is unmeasured."""
    merged(tracker, 1)
    tracker.review(1, "bob", at(3))
    tracker.review(1, "bob", at(4))
    tracker.review(1, "bob", at(6), "approved")

    (found,) = yield PHASES
    assert found == ("head_commits", 96, 24, 24, None, None, 48)


@side_by_side
def test_a_first_review_after_the_merge_measures_nothing(tracker):
    merged(tracker, 1)
    tracker.review(1, "bob", at(6), "approved")

    (found,) = yield PHASES
    assert found == ("head_commits", 96, 24, None, None, None, 72)


@side_by_side
def test_a_comment_on_a_line_is_a_review_where_it_belongs_to_none(tracker):
    merged(tracker, 1)
    tracker.comment(1, "bob", at(2, 12), item_kind="change_request", comment_kind="review_comment")

    (found,) = yield PHASES
    assert found == ("head_commits", 96, 24, 12, None, None, 60)


@side_by_side
def test_a_draft_is_coding_until_it_is_ready(tracker):
    """A review of the draft has picked it up before; back to draft changes nothing."""
    events = [("ready", at(3)), ("draft", at(3, 1)), ("ready", at(4))]
    merged(tracker, 1, *events)
    tracker.review(1, "bob", at(2, 12))
    tracker.review(1, "bob", at(4), "approved")

    (found,) = yield PHASES
    assert found == ("head_commits", 96, 48, 0, 24, 24, 0)


@side_by_side
def test_one_that_became_a_draft_later_waits_from_when_it_got_ready_again(tracker):
    merged(tracker, 1, ("draft", at(3)), ("ready", at(4)))

    (found,) = yield PHASES
    assert found[:3] == ("head_commits", 96, 72)


@side_by_side
def test_one_that_became_a_draft_after_its_review_was_ready_from_its_opening(tracker):
    merged(tracker, 1, ("draft", at(3)), ("ready", at(4)))
    tracker.review(1, "bob", at(2, 12))

    (found,) = yield PHASES
    assert found[:4] == ("head_commits", 96, 24, 12)


@side_by_side
def test_a_draft_that_was_merged_as_such_has_no_coding_phase(tracker):
    merged(tracker, 1, is_draft=True)

    (found,) = yield PHASES
    assert found == ("head_commits", 96, None, None, None, None, 96)


@side_by_side
def test_without_commits_the_lead_time_is_unknown(tracker):
    merged(tracker, 1, commits=())
    tracker.review(1, "bob", at(3), "approved")

    (found,) = yield PHASES
    assert found == ("unknown", None, None, None, None, None, None)


RANGES = """
    select
        lead_time_evidence, work_started_at_earliest, work_started_at_latest,
        lead_time_seconds / 3600, shortest_lead_time_seconds / 3600
    from facts.change_requests
    where source = getvariable('source')
"""


@side_by_side
def test_after_a_force_push_the_start_is_a_range(tracker):
    merged(tracker, 1, ("force_pushed", at(3)))

    (found,) = yield RANGES
    assert found == (
        *("rewritten_after_open", instant(at(1)), instant(at(2))),
        *(96, 72),
    )


@side_by_side
def test_where_all_commits_are_younger_than_the_opening_the_start_is_unknown(tracker):
    """Work began by the opening at the latest; nobody knows how long before."""
    merged(tracker, 1, commits=(at(3),))

    (found,) = yield RANGES
    assert found == ("unknown", None, instant(at(2)), None, 72)


@side_by_side
def test_a_force_push_leaves_traces_in_git(history, tracker):
    """A commit that was reviewed and then pushed away is older than those that stayed."""
    history.commit("a", at="2024-02-01T00:00")
    history.commit("lost", "a", at="2024-02-20T00:00")
    history.head = "a"
    merged(tracker, 1, ("force_pushed", at(3)))
    tracker.review(1, "bob", at(2), commit_hash="lost")

    (found,) = yield RANGES
    assert found[1:3] == (instant("2024-02-20T00:00"), instant(at(2)))


@side_by_side
def test_what_a_force_push_names_as_pushed_away_is_a_trace(history, tracker):
    """A commit of time zero is none: its clock was not set."""
    history.commit("a", at="2024-02-01T00:00")
    history.commit("lost", "a", at="2024-02-20T00:00")
    history.commit("epoch", "a", at="2024-02-20T00:00", written="1970-01-01T00:00")
    history.head = "a"
    merged(tracker, 1, ("force_pushed", at(3), {"old_value": "lost", "new_value": "epoch"}))

    (found,) = yield RANGES
    assert found[1] == instant("2024-02-20T00:00")


@side_by_side
def test_a_force_push_after_the_merge_does_not_matter(tracker):
    merged(tracker, 1, ("force_pushed", at(6)))

    (found,) = yield RANGES
    assert found[0] == "head_commits"


@side_by_side
def test_commits_that_the_tracker_does_not_list_are_found_at_the_head_in_git(history, tracker):
    history.commit("a", at="2024-02-01T00:00")
    history.commit("p", "a", at="2024-02-20T00:00")
    history.commit("s", "a", at=at(5), subject="Do it (#1)")
    history.add("refs", "refs/pull/1/head", "change_request", "p", "p", None)
    merged(tracker, 1, commits=())

    (found,) = yield RANGES
    assert found[:3] == (
        *("head_commits", instant("2024-02-20T00:00"), instant("2024-02-20T00:00")),
    )


@side_by_side
def test_a_head_of_which_nothing_is_left_to_the_default_branch_has_an_unknown_number(
    history, tracker
):
    """It was fast-forwarded: how many of the commits were its own, nobody knows."""
    history.commit("a", at="2024-02-01T00:00")
    history.commit("p", "a", at="2024-02-20T00:00")
    history.add("refs", "refs/pull/1/head", "change_request", "p", "p", None)
    merged(tracker, 1, commits=(), head_hash="p")

    query = """
        select own_commit_count from facts.change_requests where source = getvariable('source')
    """
    assert (yield query) == [(None,)]


@side_by_side
def test_the_commits_of_a_merge_are_those_that_it_brought_in(history, tracker):
    history.commit("a", at="2024-02-01T00:00")
    history.commit("p", "a", at="2024-02-20T00:00")
    history.commit("m", "a", "p", at=at(5), subject="Merge pull request #1 from ann/p")
    merged(tracker, 1, commits=())

    (found,) = yield RANGES
    assert found[1] == instant("2024-02-20T00:00")


LEAD_TIMES = """
    select * from marts.merge_lead_time_quarterly
    where source = getvariable('source') order by quarter
"""


@side_by_side
def test_whole_lead_times_of_change_requests(tracker):
    """Two measured, one uncertain, one unknown; a tracker without Git has no merges of Git."""
    merged(tracker, 1)
    tracker.review(1, "bob", at(3), "approved")
    merged(tracker, 2, commits=(at(2),))
    merged(tracker, 3, ("force_pushed", at(3)), commits=(at(1, 12),))
    merged(tracker, 4, commits=())

    found = (yield LEAD_TIMES).named

    first = found[0]
    assert [row["quarter"] for row in found] == ["2024-Q1", "2024-Q2", "2024-Q3"]
    assert [first[name] for name in ("project", "merge_count", "measured_count")] == [
        *("test_whole_lead_times_of_change_requests", None, None),
    ]
    assert {name: value for name, value in first.items() if "change_request" in name} == {
        "merged_change_request_count": 4,
        "measured_change_request_count": 2,
        "uncertain_change_request_count": 1,
        "unknown_change_request_count": 1,
        "mean_change_request_lead_time_hours": 84.0,
        "median_change_request_lead_time_hours": 84.0,
        "p75_change_request_lead_time_hours": 90.0,
        "p90_change_request_lead_time_hours": pytest.approx(93.6),
    }
    totals = ("lead_time", "coding", "pickup", "review", "merge", "unmeasured")
    assert [first[f"total_{name}_seconds"] / 3600 for name in totals] == [
        *(252, 36, 24, 0, 48, 144),
    ]
    hours = ("coding", "pickup", "review", "merge")
    assert [first[f"median_{name}_hours"] for name in hours] == [12, 24, 0, 48]
    assert found[1]["merged_change_request_count"] == 0
    assert found[1]["total_lead_time_seconds"] is None


@side_by_side
def test_one_that_was_ready_before_its_first_commit_has_no_coding_and_no_less(tracker):
    """Its pickup begins with the commit, and so does that of a review which came before."""
    merged(tracker, 1, ready_at=at(1), commits=(at(2),))
    tracker.review(1, "bob", at(1, 12))
    tracker.review(1, "bob", at(3), "approved")

    (found,) = yield PHASES
    assert found == ("head_commits", 72, 0, 0, 24, 48, 0)
