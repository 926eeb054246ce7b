"""Test KPIs on plans and measurements of ledgers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.rows.kept_ledgers import DAY, SEOUL, kept
from tests.support.rows.row_histories import builder, evidence, figures, instant
from warehouse.calendar import Calendar

build = builder(
    "figures.kpi_evidence",
    "marts.kpi_quarterly",
    kpis=(
        "deployment_frequency",
        "deployment_schedule_adherence",
        "project_completion_rate",
        "project_lead_time",
        "test_iterations",
    ),
)

Q1, Q2, Q3, Q4 = QUARTERS = [f"2024-Q{number}" for number in range(1, 5)]
BEFORE, AFTER = "2023-Q4", "2025-Q1"
# It was last polled on 2025-03-01 at 11:15 in Seoul.
PROJECTS = """
    project,name,active_from,active_until
    brief,Brief,2024-04-01,2024-06-30
"""
TASKS = """
    task,project,planned_on,started_on,completed_on,reported_days,reported_quarter
    before,plan,2023-11-01,,2023-12-31,,
    carried,plan,2023-12-20,,2024-01-01,,
    later,plan,2024-04-01,,2024-06-30,,
    late,plan,2024-03-31,,2024-04-01,,
    open,plan,2024-03-31,,,,
    unplanned,plan,,2024-01-02,2024-01-03,,
    today,plan,2025-02-01,,2025-03-01,,
    tomorrow,plan,2025-02-01,,2025-03-02,,
    due,plan,2025-03-31,,,,
    next,plan,2025-04-01,,,,
    in-brief,brief,2024-01-10,,,,
    T-01,work,,2024-01-02,2024-01-12,,
    T-02,work,,2024-03-31,2024-03-31,,
    T-03,work,,,2024-01-12,,
    T-04,work,,,,12.5,2024-Q2
    T-05,work,,,2024-05-01,3,
    T-06,work,,2024-01-01,2024-01-31,25,2024-Q2
    T-07,work,,2024-01-01,2025-03-02,,
    T-08,work,,,,5,2025-Q2
    T-09,work,2024-02-01,,,4,2024-Q3
    T-10,work,2024-02-01,,,6,
    T-11,work,,2024-06-01,,,
    of nobody,,,2024-07-01,2024-07-02,,
"""
DEPLOYMENTS = """
    deployment,project,planned_on,deployed_on,status,attempt,reported_quarter
    D-01,ship,2024-01-10,2024-01-10,,,
    D-02,ship,2024-03-31,2024-04-01,,,
    D-03,ship,2024-02-01,2024-01-20,,,
    D-04,ship,2024-02-02,2024-02-02,failed,,
    D-05,ship,2024-02-03,2024-02-03,rolled_back,,
    D-06,ship,2024-02-04,,canceled,,
    D-07,ship,2024-02-05,,,,
    D-08,ship,2025-03-01,,,,
    D-09,ship,2025-03-01,2025-03-01,,,
    D-10,ship,2025-03-02,,,,
    D-11,ship,,2024-02-06,,,
    D-12,ship,2025-02-28,,,,
    D-13,ship,2025-03-01,2025-03-02,,,
    D-14,ship,2024-02-08,2024-02-08,,2,2024-Q2
"""
ACTIVITIES = """
    activity,project,kind,date,reported_quarter
    A-1,work,test_iteration,2024-02-01,
    A-2,work,meeting,2024-02-01,
    A-3,work,test_iteration,,2024-Q2
    A-4,work,test_iteration,2025-03-02,
    A-5,work,test_iteration,2024-03-31,2024-Q2
    A-6,work,test_iteration,2025-03-01,
    A-7,work,test_iteration,,2025-Q2
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    tables = {"projects": PROJECTS, "tasks": TASKS, "activities": ACTIVITIES}
    ledger = kept(tmp_path_factory.mktemp("ledger"), **tables, deployments=DEPLOYMENTS)
    with build(ledger.home / "store", SEOUL) as connection:
        yield connection


def test_what_was_planned_is_done_or_not_in_each_quarter_of_its_year(built):
    """
    What was done before the fiscal year is no work of it; what is planned for later is none yet.

    The last poll was before the second of March, so what is to be done then is not done.
    """
    rows = evidence(built, "project_completion_rate", "plan", "subject_type", "happened_at")

    assert rows == [
        (task, quarter, "counted", is_done, "task", None)
        for quarter, tasks in (
            (BEFORE, {"before": 1, "carried": 0}),
            (Q1, {"carried": 1, "late": 0, "open": 0}),
            (Q2, {"carried": 1, "late": 1, "later": 1, "open": 0}),
            (Q3, {"carried": 1, "late": 1, "later": 1, "open": 0}),
            (Q4, {"carried": 1, "late": 1, "later": 1, "open": 0}),
            (AFTER, {"due": 0, "open": 0, "today": 1, "tomorrow": 0}),
        )
        for task, is_done in tasks.items()
    ]
    assert figures(built, "project_completion_rate", "plan", [*QUARTERS, AFTER]) == [
        (0.333333, 3, 0, 1.0),
        *[(0.75, 4, 0, 1.0)] * 3,
        (0.25, 4, 0, 1.0),
    ]


def test_a_project_counts_in_the_period_that_its_ledger_gives_it(built):
    assert evidence(built, "project_completion_rate", "brief") == [
        ("in-brief", quarter, "counted" if quarter == Q2 else "outside_active_period", done)
        for quarter, done in ((Q1, None), (Q2, 0), (Q3, None), (Q4, None), (AFTER, None))
    ]
    quarters = [BEFORE, *QUARTERS, AFTER]
    assert figures(built, "project_completion_rate", "brief", quarters) == [
        (0.0, 1, 0, 1.0),
    ]


def test_a_delivery_is_on_time_if_it_succeeded_by_the_day_that_was_planned(built):
    rows = evidence(built, "deployment_schedule_adherence", "ship", "reported_quarter")

    assert rows == [
        ("D-01", Q1, "counted", 1, None),
        ("D-02", Q1, "counted", 0, None),
        ("D-03", Q1, "counted", 1, None),
        ("D-04", Q1, "counted", 0, None),
        ("D-05", Q1, "counted", 0, None),
        ("D-06", Q1, "canceled", None, None),
        ("D-07", Q1, "counted", 0, None),
        ("D-14", Q1, "counted", 1, Q2),
        ("D-08", AFTER, "not_due_yet", None, None),
        ("D-09", AFTER, "counted", 1, None),
        ("D-12", AFTER, "counted", 0, None),
        ("D-13", AFTER, "not_due_yet", None, None),
    ]
    assert figures(built, "deployment_schedule_adherence", "ship", [*QUARTERS, AFTER]) == [
        (0.428571, 7, 1, 1.0),
        *[(None, 0, 0, None)] * 3,
        (0.5, 2, 2, 1.0),
    ]


def test_days_begin_and_end_in_the_time_zone_of_the_settings(built):
    rows = evidence(built, "deployment_frequency", "ship", "happened_at")

    assert [
        (name, quarter, at) for name, quarter, _, _, at in rows if name in {"D-02", "D-14"}
    ] == [
        ("D-14", Q1, instant("2024-02-07T15:00")),
        ("D-02", Q2, instant("2024-03-31T15:00")),
    ]


def test_work_took_the_days_of_its_dates_or_else_those_that_are_reported(built):
    rows = evidence(built, "project_lead_time", "work", "reported_quarter", "reported_value")
    told = [(task, quarter, why, days if days is None else days / DAY, reported, other)
            for task, quarter, why, days, reported, other in rows]  # fmt: skip

    assert told == [
        ("T-01", Q1, "counted", 10, None, None),
        ("T-02", Q1, "counted", 0, None, None),
        ("T-03", Q1, "unknown_start", None, None, None),
        ("T-06", Q1, "counted", 30, Q2, 25 * DAY),
        ("T-10", Q1, "counted", 6, None, 6 * DAY),
        ("T-04", Q2, "counted", 12.5, Q2, 12.5 * DAY),
        ("T-05", Q2, "counted", 3, None, 3 * DAY),
        ("T-09", Q3, "counted", 4, Q3, 4 * DAY),
    ]
    # The ledger begins before, but not with anything of the project.
    assert figures(built, "project_lead_time", "work", [BEFORE, *QUARTERS, AFTER]) == [
        (11.5, 4, 1, 0.8),
        (7.75, 2, 0, 1.0),
        (4.0, 1, 0, 1.0),
        (None, 0, 0, None),
        (None, 0, 0, None),
    ]


def test_rounds_of_tests_count_on_their_day_or_in_the_quarter_that_is_reported(built):
    columns = ("subject_type", "happened_at", "reported_quarter", "reported_reason")
    rows = evidence(built, "test_iterations", "work", *columns)

    assert rows == [
        ("A-1", Q1, "counted", None, "activity", instant("2024-01-31T15:00"), None, None),
        ("A-5", Q1, "counted", None, "activity", instant("2024-03-30T15:00"), Q2, "counted"),
        ("A-3", Q2, "counted", None, "activity", None, Q2, "counted"),
        ("A-6", AFTER, "counted", None, "activity", instant("2025-02-28T15:00"), None, None),
    ]


def test_nothing_is_zero_from_the_first_row_on_and_before_it_no_data(built):
    assert figures(built, "test_iterations", "work", [BEFORE, *QUARTERS, AFTER]) == [
        (2.0, 2, 0, 1.0),
        (1.0, 1, 0, 1.0),
        (0.0, 0, 0, None),
        (0.0, 0, 0, None),
        (1.0, 1, 0, 1.0),
    ]
    assert figures(built, "test_iterations", "plan", [BEFORE, *QUARTERS, AFTER]) == []


def test_a_quarter_is_complete_once_the_ledger_was_polled_after_its_end(built):
    assert built.execute(
        "select quarter, is_complete from marts.kpi_quarterly "
        "where kpi = 'project_lead_time' and project = 'work' and source = '*' order by 1"
    ).fetchall() == [*((quarter, True) for quarter in QUARTERS), (AFTER, False)]


def test_a_row_without_a_project_is_of_one_that_is_called_like_the_ledger(built):
    assert evidence(built, "project_lead_time", "ledger") == [("of nobody", Q3, "counted", DAY)]
    assert figures(built, "project_lead_time", "*", [Q1, Q3]) == [
        # Of all projects: also the unplanned one, a day; and no start is known of two.
        (9.4, 5, 2, pytest.approx(5 / 7)),
        (2.5, 2, 0, 1.0),
    ]


def test_the_day_on_which_the_clock_is_put_forward_has_bounds_of_its_own(tmp_path):
    table = (
        "deployment,planned_on,deployed_on\nD-1,2024-03-31,2024-03-31\nD-2,2024-03-31,2024-04-01"
    )
    ledger = kept(tmp_path, deployments=table)
    berlin = replace(SEOUL, calendar=Calendar(time_zone="Europe/Berlin"))

    with build(ledger.home / "store", berlin) as connection:
        assert evidence(connection, "deployment_frequency", "ledger", "happened_at") == [
            ("D-1", Q1, "counted", None, instant("2024-03-30T23:00")),
            ("D-2", Q2, "counted", None, instant("2024-03-31T22:00")),
        ]
        assert evidence(connection, "deployment_schedule_adherence", "ledger") == [
            ("D-1", Q1, "counted", 1),
            ("D-2", Q1, "counted", 0),
        ]
