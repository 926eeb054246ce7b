"""Milestones, releases, deployments, and where a tracker contradicts itself."""

from __future__ import annotations

from datetime import date

from tests.support.rows.row_histories import HistoryRows, builder, instant, micros, rows
from tests.support.rows.trackers import REPOSITORY, TRACKER, TrackerRows

build = builder(
    *("facts.deployments", "facts.milestones", "facts.releases", "facts.tracker_disagreements"),
    "intermediate.deployment_candidates",
)

JAN, FEB, MAR = "2024-01-10T00:00", "2024-02-10T00:00", "2024-03-10T00:00"


def test_planning_and_delivery(tmp_path):
    """A milestone counts its issues of now; what was deleted stays, with its fate."""
    tracker = TrackerRows()
    of_one = {"milestone_id": "m1", "milestone_title": "One"}
    tracker.issue(1, **of_one)
    tracker.issue(2, ("closed", FEB), state="closed", closed_at=FEB, **of_one)
    tracker.issue(3, ("transferred_out", FEB), **of_one)
    tracker.add("milestones", milestone_id="m1", title="One", state="open", due_on="2024-02-29")
    tracker.add("releases", release_id="r1", tag_name="v1", created_at=JAN, released_at=MAR)
    tracker.add("releases", release_id="r2", tag_name="v2", is_draft=True, created_at=MAR)
    done = {"status": "success", "created_at": "2024-03-31T23:00"}
    tracker.add("deployments", deployment_id="d1", succeeded_at="2024-04-01T00:00", **done)
    tracker.deleted("releases", "r1")
    tracker.found(tmp_path)
    connection = build(tmp_path)

    milestones = """
        select source, title, open_issue_count, closed_issue_count, due_on
        from facts.milestones
    """
    assert rows(connection, milestones) == [(REPOSITORY, "One", 1, 1, date(2024, 2, 29))]
    releases = """
        select tracker_source, tag_name, is_unpublished, quarter, fate, gone_noticed_at
        from facts.releases order by release_id
    """
    assert rows(connection, releases) == [
        (TRACKER, "v1", None, "2024-Q1", "deleted", tracker.looked_at),
        (TRACKER, "v2", True, None, None, None),
    ]
    deployments = "select status, succeeded_at, quarter from facts.deployments"
    assert rows(connection, deployments) == [("success", instant("2024-04-01"), "2024-Q2")]


def test_every_disagreement_is_listed_with_its_reason(tmp_path):
    tracker = TrackerRows()
    tracker.issue(1, state="closed", closed_at=FEB)
    tracker.issue(2, ("closed", FEB), updated_at=MAR)
    tracker.issue(3, ("closed", FEB), ("closed", MAR), state="closed", closed_at=MAR)
    tracker.issue(4, ("closed", FEB), state="closed", closed_at=FEB)
    tracker.change_request(5, state="closed", merged_at=FEB)
    tracker.change_request(6, ("merged", FEB))
    tracker.change_request(7, state="closed", closed_at=FEB)
    tracker.found(tmp_path)

    query = "select item_number, disagreement_kind from facts.tracker_disagreements order by all"
    assert rows(build(tmp_path), query) == [
        (1, "closed_without_event"),
        (2, "open_after_close_event"),
        (3, "closed_at_differs_from_event"),
        (3, "repeated_state_event"),
        (5, "merged_without_event"),
        (6, "merged_event_without_field"),
        (7, "closed_without_event"),
    ]


def test_a_tag_is_released_when_it_was_made_or_else_when_its_commit_was(tmp_path):
    history = HistoryRows(source=REPOSITORY)
    history.commit("a", at=JAN)
    tagger = ("Ann", "ann@example.org", micros(FEB), 0)
    history.add("tags", "object", "v1", "a", "commit", *tagger, "", False, None, None)
    history.add("refs", "refs/tags/v1", "tag", "object", "a", None)
    history.add("refs", "refs/tags/v2", "tag", "a", "a", None)
    history.found(tmp_path)

    query = "select name, began_at, deployed_at from intermediate.deployment_candidates order by 1"
    assert rows(build(tmp_path), query) == [
        ("v1", instant(FEB), instant(FEB)),
        ("v2", instant(JAN), instant(JAN)),
    ]
