"""Test how the rows behind a figure are named."""

from __future__ import annotations

from tests.support.rows.kept_ledgers import DAY, HOUR, SEOUL, kept
from tests.support.rows.row_histories import builder
from warehouse.query.evidence import EvidenceRequest, explanation_of
from warehouse.query.recalculate import recalculate

build = builder(
    *("marts.kpi_quarterly", "marts.kpi_yearly", "marts.kpi_restatements"),
    *("marts.dim_kpis", "marts.dim_reasons", "facts.people", "facts.quarters"),
    "facts.project_repositories",
    kpis=("mean_time_to_recovery", "uptime_streak"),
)
DEPLOYMENTS = """
    deployment,project,deployed_on
    D-1,ship,2024-01-10
"""
INCIDENTS = """
    incident,project,started_at,recovered_at
    I-1,ship,2024-02-01 02:00,2024-02-01 03:30
"""


def test_the_rows_of_a_figure_are_named_in_the_time_zone_of_the_calendar(tmp_path):
    """An interval is named by its beginning, which is another day in UTC."""
    ledger = kept(tmp_path, deployments=DEPLOYMENTS, incidents=INCIDENTS)
    with build(ledger.home / "store", SEOUL) as connection:
        uptime, recovery = (
            explanation_of(connection, EvidenceRequest(kpi, "2024-Q1"))
            for kpi in ("uptime_streak", "mean_time_to_recovery")
        )
    assert [(row.place, row.value) for row in uptime.rows] == [
        ("2024-01-10 00:00 Asia/Seoul", 22 * DAY + 2 * HOUR),
        ("2024-02-01 03:30 Asia/Seoul", 59 * DAY + 20 * HOUR + HOUR // 2),
    ]
    assert recalculate(uptime.kpi, uptime.rows).text == (
        "the longest of 2 is 59.9 d: 2024-02-01 03:30 Asia/Seoul"
    )
    assert [(row.place, row.value) for row in recovery.rows] == [("I-1", 3 * HOUR // 2)]
