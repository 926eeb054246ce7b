"""Test merged change requests of trackers that were mined in part."""

from __future__ import annotations

from tests.support.rows.merged_requests import merged
from tests.support.rows.row_histories import builder, instant, rows
from tests.support.rows.trackers import TrackerRows

KPIS = ("change_requests_merged", "throughput", "issues_closed", "lead_time")
build = builder("marts.kpi_quarterly", "marts.merge_lead_time_quarterly", kpis=KPIS)
FIGURES = """
    select kpi, list((quarter, value, is_complete) order by quarter)
    from marts.kpi_quarterly where source != '*' and kpi != 'lead_time' group by kpi
"""
MART = """
    select quarter, merged_change_request_count from marts.merge_lead_time_quarterly order by 1
"""
POLLED = instant("2024-08-02")


def figures(store):
    with build(store) as connection:
        return dict(rows(connection, FIGURES)), rows(connection, MART)


def test_a_quarter_is_no_zero_until_the_tracker_was_completely_polled(tmp_path):
    """Of the first quarter a merged request was read; of the second nobody knows yet."""
    part = TrackerRows(looked_at=POLLED)
    part.add("trackers")
    part.issue(1, ("closed", "2024-04-02T00:00"), state="closed", closed_at="2024-04-02T00:00")
    merged(part, 2)
    part.write(tmp_path, is_partial=True)
    kpis, mart = figures(tmp_path)
    first = [("2024-Q1", 1, False)]
    assert kpis == {
        "change_requests_merged": first,
        "throughput": first,
        "issues_closed": [("2024-Q1", 0, False), ("2024-Q2", 1, False)],
    }
    assert mart == [("2024-Q1", 1), ("2024-Q2", None)]

    TrackerRows(looked_at=POLLED).write(tmp_path)
    kpis, mart = figures(tmp_path)
    assert kpis["change_requests_merged"] == [
        *(("2024-Q1", 1, True), ("2024-Q2", 0, True), ("2024-Q3", 0, False)),
    ]
    assert kpis["throughput"][1] == ("2024-Q2", 1, True)
    assert mart == [("2024-Q1", 1), ("2024-Q2", 0), ("2024-Q3", 0)]
