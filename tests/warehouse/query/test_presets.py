"""Test the presets of other systems against their known figures."""

from __future__ import annotations

import re
from dataclasses import replace

import duckdb
import pytest

from tests.support.expected.known_kpis import title_of
from tests.support.rows.in_order import in_order
from tests.support.rows.preset_rows import CONTEXT, NAMES, write_all
from tests.support.rows.row_histories import built_file
from warehouse.errors import QueryFailed
from warehouse.query.presets import ComparedFigure, ComparisonRequest, compare, presets

NEEDED = (
    *("marts.kpi_quarterly", "marts.dim_kpis", "marts.dim_reasons", "facts.reviews"),
    *("facts.change_request_commits", "facts.commits", "facts.issues", "figures.kpi_evidence"),
    *("figures.compared_change_requests", "figures.compared_incidents"),
)
Q1, Q2 = "2024-Q1", "2024-Q2"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    folder = tmp_path_factory.mktemp("presets")
    write_all(folder / "store")
    return built_file(folder, CONTEXT, NEEDED)


def compared(warehouse, preset, project):
    """List (KPI, quarter, our value and n, theirs) of what anybody counted."""
    return [
        (row.kpi, row.quarter, (row.our_value, row.our_n), (row.their_value, row.their_n))
        for row in compare(warehouse, ComparisonRequest(preset, "2024", project)).rows
        if row.our_n or row.their_n
    ]


NONE, NO_HOURS = (None, 0), (0, 0)
# By preset and project; in the KPIs' units: hours, days or a ratio.
EXPECTED = {
    ("chaoss", "late"): [
        ("lead_time", Q1, NONE, (24, 1)),
        ("lead_time", Q2, (24, 1), NONE),
    ],
    # With reopened issues as new, and not.
    ("chaoss", "reopened"): [
        ("issues_closed", Q1, (2, 2), (2, 2)),
        ("issues_closed", Q2, (1, 1), (1, 1)),
        ("issues_closed", Q1, (2, 2), (1, 1)),
        ("issues_closed", Q2, (1, 1), (1, 1)),
        ("days_to_close", Q1, (45, 2), (90, 2)),
        ("days_to_close", Q2, (120, 1), NONE),
        ("first_response_time", Q1, NONE, (96 * 24, 1)),
        ("first_response_time", Q2, (96 * 24, 1), NONE),
        ("lead_time", Q1, (10 * 24, 1), (9 * 24, 1)),
    ],
    # Of five commits of people Ann wrote three; of eight it takes the bot as well.
    ("chaoss", "people"): [("contributor_absence_factor", Q1, (1, 2), (2, 3))],
    # The first of February is in January too, and that of April in March.
    ("devlake", "boundary"): [
        ("change_requests_merged", Q1, (2, 2), (4, 4)),
        ("change_requests_merged", Q2, (2, 2), (2, 2)),
        *(("lead_time", quarter, (0, 2), (0, 2)) for quarter in (Q1, Q2)),
        *(("coding_time", quarter, (0, 2), (0, 2)) for quarter in (Q1, Q2)),
        *(("pickup_time", quarter, NONE, (0, 2)) for quarter in (Q1, Q2)),
        *(("review_time", quarter, NONE, (0, 2)) for quarter in (Q1, Q2)),
    ],
    ("devlake", "reviews"): [
        ("change_requests_merged", Q1, (5, 5), (5, 5)),
        ("lead_time", Q1, (264, 5), (264, 5)),
        ("coding_time", Q1, (48, 5), (48, 5)),
        ("pickup_time", Q1, (30, 2), (12, 5)),
        ("review_time", Q1, (12, 2), (74.4, 5)),
    ],
    # Its first comment is a bot's; there was no approval before the merge.
    ("devlake", "late"): [
        ("change_requests_merged", Q1, (0, 0), (1, 1)),
        ("change_requests_merged", Q2, (1, 1), (1, 1)),
        ("lead_time", Q2, (24, 1), (24, 1)),
        ("coding_time", Q2, (0, 1), (0, 1)),
        ("pickup_time", Q2, (12, 1), (6, 1)),
        ("review_time", Q2, NONE, (18, 1)),
    ],
    # Cycles of 24, 240, 120 and 36 hours: the first was in the first deployment, which has no
    # changes there, and the third began, by its commit, after it was opened.
    ("devlake", "deliveries"): [
        ("change_requests_merged", Q1, (4, 4), (4, 4)),
        ("lead_time", Q1, (48, 4), (105, 4)),
        ("coding_time", Q1, (12, 4), (6, 4)),
        *((f"{phase}_time", Q1, NONE, (0, 4)) for phase in ("pickup", "review")),
        ("change_lead_time", Q1, (96, 5), (120, 3)),
        ("change_fail_rate", Q1, (0, 2), (0, 2)),
    ],
    ("devlake", "incidents"): [
        ("issues_closed", Q1, (4, 4), (4, 4)),
        ("change_fail_rate", Q1, (1, 4), (1, 4)),
        ("failed_deployment_recovery_time", Q1, (510, 4), (20, 4)),
        ("mean_time_to_recovery", Q1, (757.5, 4), (20, 4)),
    ],
    ("devlake", "named"): [
        *(("issues_closed", quarter, (1, 1), (1, 1)) for quarter in (Q1, Q2)),
        ("change_fail_rate", Q1, (1, 1), (1, 1)),
        ("failed_deployment_recovery_time", Q1, (48, 1), (48, 1)),
        ("failed_deployment_recovery_time", Q2, (91 * 24 + 0.5, 1), NO_HOURS),
        ("mean_time_to_recovery", Q1, (24, 1), (24, 1)),
        ("mean_time_to_recovery", Q2, (24.5, 1), (24.5, 1)),
    ],
    ("devlake", "undone"): [
        ("change_lead_time", Q1, (12, 2), NONE),
        ("change_fail_rate", Q1, (0.333333, 3), (0, 3)),
        ("failed_deployment_recovery_time", Q1, (48, 1), NO_HOURS),
        ("mean_time_to_recovery", Q1, (48, 1), NO_HOURS),
    ],
    ("devlake", "reopened"): [
        ("change_requests_merged", Q1, (1, 1), (1, 1)),
        ("issues_closed", Q1, (2, 2), (2, 2)),
        ("issues_closed", Q2, (1, 1), (0, 0)),
        ("lead_time", Q1, (240, 1), (240, 1)),
        ("coding_time", Q1, (24, 1), (24, 1)),
        *((f"{phase}_time", Q1, NONE, (0, 1)) for phase in ("pickup", "review")),
    ],
    # The twins are one, and what was committed as it was deployed is none.
    ("fourkeys", "deliveries"): [
        ("change_lead_time", Q1, (96, 5), (84, 4)),
        ("change_fail_rate", Q1, (0, 2), (0, 2)),
    ],
    ("fourkeys", "incidents"): [
        ("change_fail_rate", Q1, (1, 4), (0, 4)),
        ("mean_time_to_recovery", Q1, (757.5, 4), (510, 4)),
    ],
    # Two incidents of one deployment; both began with that, the one ended 91 days later.
    ("fourkeys", "named"): [
        ("change_lead_time", Q1, NONE, (24, 1)),
        ("change_fail_rate", Q1, (1, 1), (2, 1)),
        ("mean_time_to_recovery", Q1, (24, 1), ((48 + 91 * 24) / 2, 2)),
        ("mean_time_to_recovery", Q2, (24.5, 1), NONE),
    ],
    # From the merges to the second deployment: 168, 48 and 24 hours; to the first 120.
    ("gitlab", "deliveries"): [
        ("change_lead_time", Q1, (96, 5), (84, 4)),
        ("change_fail_rate", Q1, (0, 2), (0, 2)),
    ],
    ("gitlab", "named"): [
        ("days_to_close", Q1, (1, 1), (1, 1)),
        ("days_to_close", Q2, (1.020833, 1), (1.020833, 1)),
        ("change_fail_rate", Q1, (1, 1), (1, 1)),
        ("mean_time_to_recovery", Q1, (24, 1), (24, 1)),
        ("mean_time_to_recovery", Q2, (24.5, 1), (24.5, 1)),
    ],
    ("gitlab", "reopened"): [
        ("days_to_close", Q1, (45, 2), (60, 1)),
        ("days_to_close", Q2, (120, 1), (120, 1)),
        ("project_lead_time", Q1, (20, 1), (10, 1)),
    ],
    ("middleware", "reviews"): [
        ("lead_time", Q1, (264, 5), (134.4, 5)),
        ("coding_time", Q1, (48, 5), (48, 5)),
        ("pickup_time", Q1, (30, 2), (12, 5)),
        ("review_time", Q1, (12, 2), (4.8, 5)),
        ("merge_time", Q1, (174, 2), (69.6, 5)),
    ],
    ("middleware", "late"): [
        ("lead_time", Q2, (24, 1), (36, 1)),
        ("coding_time", Q2, (0, 1), (0, 1)),
        ("pickup_time", Q2, (12, 1), (12, 1)),
        ("review_time", Q2, NONE, (24, 1)),
        ("merge_time", Q2, NONE, (0, 1)),
    ],
    ("middleware", "undone"): [("mean_time_to_recovery", Q1, (48, 1), (48, 1))],
}


@pytest.mark.parametrize(("preset", "project"), EXPECTED, ids="-".join)
def test_each_system_makes_of_the_rows_what_it_would_make_of_them(warehouse, preset, project):
    assert compared(warehouse, preset, project) == EXPECTED[preset, project]


def test_a_row_says_what_the_other_figure_is_and_why_it_differs(warehouse):
    found = compare(warehouse, ComparisonRequest("middleware", Q1, "reviews"))

    assert found.rows[2] == in_order(
        ComparedFigure,
        *("reviews", "*", Q1, "pickup_time", title_of("pickup_time"), "hours", 30, 2),
        *("First response time", 12, 5, -18),
        "Opened, or ready, to the first review; mean, unreviewed as 0.",
        "Ours excludes what nobody reviewed before the merge instead of counting zero hours, and "
        "is a median.",
    )


def test_no_incidents_are_zero_hours_there_and_no_data_here(warehouse):
    found = compare(warehouse, ComparisonRequest("devlake", Q1, "peace"))

    assert [
        (row.our_value, row.their_value, row.their_n, row.difference)
        for row in found.rows
        if "recovery" in row.kpi
    ] == [(None, 0, 0, None)] * 2


def test_of_several_projects_each_stands_for_itself(warehouse):
    """Also where a repository is asked for, whose rows are those of its project."""
    every = compare(warehouse, ComparisonRequest("gitlab", Q1)).rows
    of_one = compare(warehouse, ComparisonRequest("gitlab", Q1, source="reopened")).rows

    assert list(dict.fromkeys(row.project for row in every)) == sorted(NAMES)
    alone = [row for row in every if row.project == "reopened"]
    assert [replace(row, source="*") for row in of_one] == alone


def test_by_default_it_is_the_newest_quarter_that_is_complete(warehouse):
    assert compare(warehouse, ComparisonRequest("gitlab", project="boundary")).period.name == Q2


@pytest.mark.parametrize("name", presets())
def test_every_metric_has_rows_and_is_compared_with_a_kpi(warehouse, name):
    """Rows of a metric that nothing describes would be lost in silence."""
    preset = presets()[name]
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        found = connection.execute(f"select distinct metric from ({preset.rows})").fetchall()
        kpis = connection.execute("select kpi from marts.dim_kpis").fetchall()

    assert {metric for (metric,) in found} == {metric.name for metric in preset.metrics}
    assert {metric.kpi for metric in preset.metrics} <= {kpi for (kpi,) in kpis}


@pytest.mark.parametrize(
    ("preset", "said"),
    [
        ("devlak", "--preset: unknown value 'devlak'.\nUse chaoss, devlake, fourkeys, "),
        (None, "--preset: missing.\nUse chaoss, devlake, fourkeys, gitlab or middleware."),
    ],
)
def test_a_missing_or_unknown_preset_lists_the_presets(warehouse, preset, said):
    with pytest.raises(QueryFailed, match=re.escape(said)):
        compare(warehouse, ComparisonRequest(preset))
