"""Test change requests that bring what others had merged before."""

from __future__ import annotations

import pytest

from tests.support.rows.row_histories import HistoryRows, builder, evidence, table
from tests.support.rows.trackers import REPOSITORY, TrackerRows
from warehouse.context import Context, Project
from warehouse.rules import rule

build = builder(
    "figures.kpi_evidence",
    "marts.merge_lead_time_quarterly",
    kpis=("change_requests_merged", "lead_time"),
)
RULES = (rule("left_out_labels", "skip"),)
SETTINGS = Context(projects=(Project(name="p", title="p", sources=(REPOSITORY,), rules=RULES),))
COUNTS = "select quarter, merged_change_request_count from marts.merge_lead_time_quarterly"


def day(number):
    return f"2024-05-{number:02}T00:00"


def merged(tracker, number, base, into, when, **facts):
    """Add a change request that was merged by a commit."""
    known = {"created_at": day(when - 1), "merged_at": day(when), "closed_at": day(when)}
    known |= {"state": "closed", "base_ref": base, "merge_commit_hash": into}
    event = ("merged", day(when), {"commit_hash": into})
    tracker.change_request(number, event, **known | facts)


def under_way():
    """Record two features that were merged into develop, the second one squashed."""
    history, tracker = HistoryRows(source=REPOSITORY), TrackerRows()
    history.commit("a", at=day(1))
    history.commit("f1", "a", at=day(2))
    history.commit("d1", "a", "f1", at=day(3), subject="Merge pull request #1 from o/f1")
    history.commit("s2", "d1", at=day(5), subject="The second (#2)")
    merged(tracker, 1, "develop", "d1", 3)
    tracker.commit(1, "f1", day(2))
    merged(tracker, 2, "develop", "s2", 5)
    tracker.commit(2, "f2", day(4))
    return history, tracker


def released(history, tracker, head, commits, **facts):
    """Merge develop into main by request 3."""
    history.commit("r", "a", head, at=day(9), subject="Merge pull request #3 from o/develop")
    merged(tracker, 3, "main", "r", 9, **facts)
    for position, name in enumerate(commits, 1):
        tracker.commit(3, name, day(4), position)


def found(history, tracker, tmp_path):
    history.found(tmp_path)
    tracker.found(tmp_path)
    with build(tmp_path, SETTINGS) as connection:
        kpis = ("change_requests_merged", "lead_time")
        reasons = [
            [row[2] for row in evidence(connection, kpi, "p") if row[0].endswith("#3")]
            for kpi in kpis
        ]
        (count, *_) = [row["merged_change_request_count"] for row in table(connection, COUNTS)]
    return *reasons, count


@pytest.mark.parametrize("facts", [{}, {"labels": ["skip"]}])
@pytest.mark.parametrize("commits", [("f1", "d1", "s2"), ()])
def test_a_release_request_is_no_change(commits, facts, tmp_path):
    """Neither by the commits that the tracker lists, nor by those that its merge brought."""
    history, tracker = under_way()
    released(history, tracker, "s2", commits, **facts)

    repeated = ["delivered_by_others"]
    assert found(history, tracker, tmp_path) == (repeated, repeated, 2)


@pytest.mark.parametrize("commits", [("f1", "d1", "s2", "own"), ()])
def test_a_request_with_a_commit_of_its_own_is_a_change(commits, tmp_path):
    history, tracker = under_way()
    history.commit("own", "s2", at=day(6))
    released(history, tracker, "own", commits)

    assert found(history, tracker, tmp_path) == (["counted"], ["counted"], 3)


def test_what_was_merged_into_the_branch_of_an_open_request_counts_with_that(tmp_path):
    """The request of the branch is the change, even without a commit of its own."""
    history, tracker = HistoryRows(source=REPOSITORY), TrackerRows()
    history.commit("a", at=day(1))
    history.commit("f1", "a", at=day(2))
    history.commit("d1", "a", "f1", at=day(3), subject="Merge pull request #1 from o/f1")
    merged(tracker, 1, "epic", "d1", 3)
    tracker.commit(1, "f1", day(2))
    epic = {"created_at": day(2), "head_ref": "epic", "head_repository": "o/r"}
    released(history, tracker, "d1", ("f1", "d1"), **epic)

    assert found(history, tracker, tmp_path) == (["counted"], ["counted"], 1)
