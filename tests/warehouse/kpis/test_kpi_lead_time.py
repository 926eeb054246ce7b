"""Test which merges have a lead time without a tracker."""

from __future__ import annotations

from tests.support.rows.row_histories import HistoryRows, builder, rows

build = builder("figures.kpi_evidence", kpis=("lead_time",))


def test_a_merge_of_the_default_branch_into_another_is_no_work_that_was_merged(tmp_path):
    history = HistoryRows()
    history.commit("a", at="2024-02-01T00:00")
    history.commit("main", "a", at="2024-02-02T00:00")
    history.commit("topic", "a", at="2024-02-02T00:00")
    history.commit("update", "topic", "main", at="2024-02-03T00:00")
    history.commit("merge", "main", "update", at="2024-02-04T00:00")
    history.found(tmp_path)

    query = "select subject_id, reason, value from figures.kpi_evidence"
    assert rows(build(tmp_path), query) == [("merge", "counted", 2 * 86_400)]
