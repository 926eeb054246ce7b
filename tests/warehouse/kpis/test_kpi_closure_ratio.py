"""Test which issues count as opened in the closure ratio."""

from __future__ import annotations

from tests.support.rows.row_histories import builder, rows
from tests.support.rows.trackers import FEB, REPOSITORY, TrackerRows

build = builder("figures.kpi_evidence", kpis=("issue_closure_ratio",))


def test_an_issue_that_was_moved_here_was_not_opened_here(tmp_path):
    tracker = TrackerRows()
    tracker.issue(1, ("transferred_in", FEB))
    tracker.issue(2)
    tracker.found(tmp_path)

    query = "select subject_id, numerator, denominator from figures.kpi_evidence"
    assert rows(build(tmp_path), query) == [(f"{REPOSITORY}#2", 0, 1)]
