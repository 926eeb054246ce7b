"""Test presets over deployments and incidents of ledgers."""

from __future__ import annotations

import pytest

from tests.support.rows.kept_ledgers import SEOUL, kept
from tests.support.rows.row_histories import built_file
from warehouse.query.presets import ComparisonRequest, compare

NEEDED = (
    *("marts.kpi_quarterly", "marts.dim_kpis", "marts.dim_reasons", "facts.reviews"),
    *("figures.compared_change_requests", "figures.compared_incidents"),
)
DEPLOYMENTS = """
    deployment,deployed_on
    D-1,2024-01-02
    D-2,2024-02-02
"""
# After a day, for 6 hours; and one of which only the length is known.
INCIDENTS = """
    incident,started_at,recovered_at,deployment,reported_hours,reported_quarter
    I-1,2024-01-03 00:00,2024-01-03 06:00,D-1,,
    I-2,,,,3,2024-Q1
"""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    folder = tmp_path_factory.mktemp("presets")
    kept(folder, deployments=DEPLOYMENTS, incidents=INCIDENTS)
    return built_file(folder, SEOUL, NEEDED)


@pytest.mark.parametrize(
    ("preset", "expected"),
    [
        (
            "devlake",
            [
                ("change_fail_rate", 0.5, 2, 0.5, 2),
                ("failed_deployment_recovery_time", 6, 1, 30, 1),
                ("mean_time_to_recovery", 4.5, 2, 3, 2),
            ],
        ),
        (
            "fourkeys",
            # What began at an unknown time is in none of its quarters.
            [("change_fail_rate", 0.5, 2, 0.5, 2), ("mean_time_to_recovery", 4.5, 2, 6, 1)],
        ),
        (
            "gitlab",
            [("change_fail_rate", 0.5, 2, 0.5, 2), ("mean_time_to_recovery", 4.5, 2, 4.5, 2)],
        ),
        ("middleware", [("mean_time_to_recovery", 4.5, 2, 4.5, 2)]),
    ],
)
def test_each_system_takes_incidents_of_ledgers_for_such(warehouse, preset, expected):
    rows = compare(warehouse, ComparisonRequest(preset, "2024-Q1", "ledger")).rows

    assert [
        (row.kpi, row.our_value, row.our_n, row.their_value, row.their_n)
        for row in rows
        if row.our_n or row.their_n
    ] == expected
