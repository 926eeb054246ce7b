"""Test targets from ledgers, compared with the figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.support.rows.kept_ledgers import SEOUL, kept
from tests.support.rows.row_histories import builder
from warehouse.context import Target

build = builder(
    "marts.kpi_quarterly",
    "marts.kpi_yearly",
    "facts.ledger_targets",
    kpis=("project_completion_rate", "project_lead_time", "test_iterations"),
)

TASKS = """
    task,project,planned_on,completed_on
    T-1,half,2024-01-02,2024-01-02
    T-2,half,2024-01-02,
    T-3,done,2024-01-02,2024-01-02
    T-4,done,2024-04-02,
"""
ACTIVITIES = """
    activity,project,kind,date
    A-1,half,test_iteration,2024-01-02
    A-2,half,test_iteration,2024-01-03
    A-3,half,test_iteration,2024-04-03
"""
TARGETS = """
    target_id,year,quarter,project,kpi,unit,target,near,better,accepted_until
    each,2024,,,project_completion_rate,%,80,50,,
    all,2024,,*,project_completion_rate,ratio,0.6,,,2024-06-30
    quarter,2024,Q1,half,project_completion_rate,%,45,,,
    told in vain,2024,,done,project_completion_rate,%,10,,,
    fewer,2024,,half,test_iterations,Count,1,,lower,
    fewer now,2025,,half,test_iterations,Count,1,,lower,
    some now,2025,,done,test_iterations,Count,1,,higher,
    other year,2025,,,project_completion_rate,%,1,,,
    other unit,2024,,half,project_lead_time,hours,1,,,
    own,2024,,half,blog_post,count,6,,higher,
    signed,2024,Q2,half,project_completion_rate,,45%,30 ％,,
    unclear,2024,Q1,done,project_completion_rate,,15,20,,
    above,2024,Q3,half,project_completion_rate,ratio,1.1,,,
"""
RATE = "project_completion_rate"
SETTINGS = replace(SEOUL, targets=(Target(kpi=RATE, fiscal_year=2024, target=0.9, project="done"),))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    home = tmp_path_factory.mktemp("ledger")
    ledger = kept(home, tasks=TASKS, activities=ACTIVITIES, targets=TARGETS)
    with build(ledger.home / "store", SETTINGS) as connection:
        yield connection


@pytest.mark.parametrize(
    ("kpi", "project", "quarters"),
    [
        # In percent of a ratio; that of the quarter before that of the year.
        (RATE, "half", [(0.5, 0.45, "met"), (0.5, 0.45, "met")]),
        # The settings go before the ledger.
        (RATE, "done", [(1.0, 0.9, "met"), (0.5, 0.9, "missed")]),
        # All together are a project of their own; missing it is accepted until the end of June.
        (RATE, "*", [(0.666667, 0.6, "met"), (0.5, 0.6, "accepted")]),
        # Neither is better by the KPI; the ledger says which.
        ("test_iterations", "half", [(2.0, 1.0, "missed"), (1.0, 1.0, "met")]),
        # Hours cannot be compared with days.
        ("project_lead_time", "half", [(None, None, None)] * 2),
    ],
)
def test_a_figure_is_held_to_what_a_ledger_says(built, kpi, project, quarters):
    found = built.execute(
        "select quarter, value, target, target_status from marts.kpi_quarterly "
        "where kpi = $1 and project = $2 and source = '*' and quarter < '2024-Q3' order by quarter",
        [kpi, project],
    )

    assert found.fetchall() == [(f"2024-Q{number}", *row) for number, row in enumerate(quarters, 1)]


def test_an_amount_of_a_quarter_that_is_not_over_is_compared_with_no_other(built):
    """Its target is open until it is reached, or exceeded."""
    found = built.execute(
        "select kpi, quarter, value, is_growing, change_from_quarter_before, target_status "
        "from marts.kpi_quarterly where project = 'half' and source = '*' "
        "and kpi in ('test_iterations', $1) and quarter >= '2024-Q2' order by all",
        [RATE],
    )
    assert found.fetchall() == [
        (RATE, "2024-Q2", 0.5, False, 0.0, "met"),
        (RATE, "2024-Q3", 0.5, False, 0.0, "missed"),
        (RATE, "2024-Q4", 0.5, False, 0.0, "near"),
        (RATE, "2025-Q1", 0.0, False, -0.5, "missed"),
        ("test_iterations", "2024-Q2", 1.0, False, -1.0, "met"),
        ("test_iterations", "2024-Q3", 0.0, False, -1.0, "met"),
        ("test_iterations", "2024-Q4", 0.0, False, 0.0, "met"),
        ("test_iterations", "2025-Q1", 0.0, True, None, "open"),
    ]


def test_a_year_is_held_to_the_target_of_the_year(built):
    assert built.execute(
        "select project, value, target, target_status from marts.kpi_yearly "
        "where kpi = 'project_completion_rate' and source = '*' and fiscal_year = 2024 order by 1"
    ).fetchall() == [
        ("*", 0.5, 0.6, "missed"),
        ("done", 0.5, 0.9, "missed"),
        ("half", 0.5, 0.8, "near"),
    ]


def test_every_target_stays_as_it_was_stated_whether_it_can_be_compared_or_not(built):
    assert built.execute(
        "select target_id, kpi, is_measured, project, quarter, target_value, near_value, better, "
        "accepted_until from facts.ledger_targets where fiscal_year = 2024 order by target_id"
    ).fetchall() == [
        ("above", RATE, True, "half", "2024-Q3", 1.1, None, None, None),
        ("all", RATE, True, "*", None, 0.6, None, None, date(2024, 6, 30)),
        ("each", RATE, True, None, None, 80.0, 50.0, None, None),
        ("fewer", "test_iterations", True, "half", None, 1.0, None, "lower", None),
        ("other unit", "project_lead_time", False, "half", None, 1.0, None, None, None),
        ("own", "blog_post", False, "half", None, 6.0, None, "higher", None),
        ("quarter", RATE, True, "half", "2024-Q1", 45.0, None, None, None),
        ("signed", RATE, True, "half", "2024-Q2", 45.0, 30.0, None, None),
        ("told in vain", RATE, True, "done", None, 10.0, None, None, None),
        ("unclear", RATE, False, "done", "2024-Q1", 15.0, 20.0, None, None),
    ]
