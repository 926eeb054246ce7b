"""Test KPIs on deployments and incidents of ledgers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.support.rows.deliveries import incident, release
from tests.support.rows.kept_ledgers import DAY, HOUR, SEOUL, changed, kept
from tests.support.rows.ledgers import Ledger
from tests.support.rows.row_histories import builder, evidence, figures
from tests.support.rows.trackers import REPOSITORY, TrackerRows
from warehouse.calendar import Calendar
from warehouse.context import Context, Project
from warehouse.rules import rule

build = builder(
    "figures.kpi_evidence",
    "marts.kpi_quarterly",
    kpis=(
        "change_fail_rate",
        "deployment_frequency",
        "deployment_rework_rate",
        "failed_deployment_recovery_time",
        "mean_time_to_recovery",
        "uptime_streak",
    ),
)

Q1, Q2, Q3, Q4 = QUARTERS = [f"2024-Q{number}" for number in range(1, 5)]
AFTER = "2025-Q1"
# It was last polled on 2025-03-01 at 11:15 in Seoul, where its times are.
DEPLOYMENTS = """
    deployment,project,deployed_on,planned_on,status,attempt
    D-1,ship,2024-01-10,,,
    D-2,ship,2024-04-01,,,
    D-3,ship,2024-02-02,,failed,
    D-4,ship,2024-02-03,,rolled_back,
    D-5,ship,2024-02-08,,,2
    D-6,ship,2025-03-01,,,
    D-7,ship,2025-03-02,,,
    D-8,ship,,2024-02-01,,
    D-9,other,2024-01-10,,,
"""
INCIDENTS = """
    incident,project,started_at,recovered_at,deployment,reported_hours,reported_quarter
    I-1,ship,2024-01-15 10:00,2024-01-15 12:30,D-1,,
    I-2,ship,2024-03-31 23:00,2024-04-01 01:00,,5,2024-Q1
    I-3,ship,,,,3,2024-Q2
    I-4,ship,2024-08-01 09:00,,,1.5,
    I-5,ship,,2024-08-02 09:00,,4,2024-Q4
    I-6,ship,2024-02-02 09:00,2024-02-02 10:00,D-3,,
    I-7,ship,2025-01-10 09:00,,D-2,,
    I-8,ship,2025-02-28 09:00,2025-03-02 09:00,D-9,6,
    I-9,ship,2025-03-02 09:00,,,,
    I-10,ship,,,,1,2025-Q2
    I-11,ship,,,D-4,2,2024-Q1
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    home = tmp_path_factory.mktemp("ledger")
    ledger = kept(home, deployments=DEPLOYMENTS, incidents=INCIDENTS)
    with build(ledger.home / "store", SEOUL) as connection:
        yield connection


def test_deployments_of_ledgers_are_those_that_came_into_production(built):
    """One that failed never did, one that was rolled back did; what is to come has not yet."""
    assert evidence(built, "deployment_frequency", "ship", "subject_type", "grade") == [
        (name, quarter, "counted", None, "deployment", None)
        for name, quarter in (
            *(("D-1", Q1), ("D-4", Q1), ("D-5", Q1), ("D-2", Q2), ("D-6", AFTER)),
        )
    ]
    assert figures(built, "deployment_frequency", "ship", ["2023-Q4", *QUARTERS, AFTER]) == [
        (3.0, 3, 0, 1.0),
        (1.0, 1, 0, 1.0),
        (0.0, 0, 0, None),
        (0.0, 0, 0, None),
        (1.0, 1, 0, 1.0),
    ]


def test_a_deployment_failed_that_an_incident_names_or_that_was_rolled_back(built):
    assert evidence(built, "change_fail_rate", "ship", "grade", "related_id") == [
        ("D-1", Q1, "counted", 1, "explicit", "I-1"),
        ("D-4", Q1, "counted", 1, "explicit", "I-11"),
        ("D-5", Q1, "counted", 0, None, None),
        ("D-2", Q2, "counted", 1, "explicit", "I-7"),
        ("D-6", AFTER, "counted", 0, None, None),
    ]


def test_what_nobody_wrote_an_incident_for_failed_where_it_was_rolled_back(tmp_path):
    table = "deployment,deployed_on,status\nD-1,2024-02-03,rolled_back"
    ledger = kept(tmp_path, deployments=table)

    with build(ledger.home / "store", SEOUL) as connection:
        assert evidence(connection, "change_fail_rate", "ledger", "grade", "related_id") == [
            ("D-1", Q1, "counted", 1, "rolled_back", None)
        ]


def test_another_attempt_is_rework(built):
    assert evidence(built, "deployment_rework_rate", "ship", "grade") == [
        ("D-1", Q1, "counted", 0, None),
        ("D-4", Q1, "counted", 0, None),
        ("D-5", Q1, "counted", 1, "retry"),
        ("D-2", Q2, "counted", 0, None),
        ("D-6", AFTER, "counted", 0, None),
    ]


def test_incidents_lasted_as_long_as_their_times_say_or_else_the_team(built):
    """
    Where one of its times is not known, the reported hours lead to it from the other.

    What is to begin later is no incident yet, and what is to end later is still open.
    """
    columns = ("reported_quarter", "reported_value")
    rows = evidence(built, "mean_time_to_recovery", "ship", *columns)

    assert [(name, q, why, v and v / HOUR, *told) for name, q, why, v, *told in rows] == [
        ("I-1", Q1, "counted", 2.5, None, None),
        ("I-11", Q1, "counted", 2, Q1, 2 * HOUR),
        ("I-6", Q1, "counted", 1, None, None),
        ("I-2", Q2, "counted", 2, Q1, 5 * HOUR),
        ("I-3", Q2, "counted", 3, Q2, 3 * HOUR),
        ("I-4", Q3, "counted", 1.5, None, 1.5 * HOUR),
        ("I-5", Q3, "counted", 4, Q4, 4 * HOUR),
        ("I-7", AFTER, "still_open", None, None, None),
        ("I-8", AFTER, "still_open", None, None, 6 * HOUR),
    ]
    assert figures(built, "mean_time_to_recovery", "ship", QUARTERS) == [
        (pytest.approx(5.5 / 3, abs=1e-6), 3, 0, 1.0),
        (2.5, 2, 0, 1.0),
        (2.75, 2, 0, 1.0),
        (None, 0, 0, None),
    ]


def test_only_a_deployment_of_the_same_project_that_was_made_is_to_blame(built):
    columns = ("grade", "related_id")
    rows = evidence(built, "failed_deployment_recovery_time", "ship", *columns)

    assert rows == [
        ("I-1", Q1, "counted", 2.5 * HOUR, "explicit", "D-1"),
        ("I-11", Q1, "counted", 2 * HOUR, "explicit", "D-4"),
        ("I-6", Q1, "no_deployment", None, None, None),
        ("I-2", Q2, "no_deployment", None, None, None),
        ("I-3", Q2, "no_deployment", None, None, None),
        ("I-4", Q3, "no_deployment", None, None, None),
        ("I-5", Q3, "no_deployment", None, None, None),
        ("I-7", AFTER, "still_open", None, "explicit", "D-2"),
        ("I-8", AFTER, "no_deployment", None, None, None),
    ]


def test_intervals_lie_between_the_incidents_whose_times_are_known(built):
    rows = evidence(built, "uptime_streak", "ship")

    assert [(since, q, why, value / HOUR) for since, q, why, value in rows] == [
        ("2024-01-09T15:00:00Z", Q1, "counted", 5 * 24 + 10),
        ("2024-01-15T03:30:00Z", Q1, "counted", 17 * 24 + 20.5),
        ("2024-02-02T01:00:00Z", Q1, "counted", 58 * 24 + 13),
        ("2024-03-31T16:00:00Z", Q2, "counted", 91 * 24 - 1),
        ("2024-03-31T16:00:00Z", Q3, "counted", 122 * 24 + 8),
        ("2024-08-01T01:30:00Z", Q3, "counted", 18.5),
        ("2024-08-02T00:00:00Z", Q3, "counted", 60 * 24 - 9),
        ("2024-08-02T00:00:00Z", Q4, "counted", 152 * 24 - 9),
        ("2024-08-02T00:00:00Z", AFTER, "counted", 161 * 24),
    ]
    assert figures(built, "uptime_streak", "other", [Q1, AFTER]) == [
        # Since the tenth of January, to the quarter's end and to the last poll.
        (82.0, 1, 0, 1.0),
        (pytest.approx(416 + 11.25 / 24, abs=1e-6), 1, 0, 1.0),
    ]


RULES = (
    *(rule("deployments", "release"), rule("deployments", "ledger")),
    rule("incident_labels", "incident"),
)


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """A project with releases and issues, and with incidents in a ledger; all in UTC."""
    home = tmp_path_factory.mktemp("both")
    tracker = TrackerRows()
    release(tracker, "v1", "2024-01-11T00:00")
    incident(tracker, 1, "2024-02-10T00:00", "2024-02-12T00:00")
    tracker.found(home / "store")
    ledger = Ledger(home, {"time_zone": "UTC"})
    table = "incident,project,started_at,recovered_at\nI-1,shop,2024-05-01 00:00,2024-05-02 00:00"
    changed(ledger, incidents=table)
    context = Context(
        projects=(Project(name="shop", title="Shop", sources=(REPOSITORY,), rules=RULES),)
    )
    with build(ledger.home / "store", context) as connection:
        yield connection


def test_an_incident_of_a_ledger_ends_the_uptime_of_the_projects_repositories(both):
    """The ledger is about the whole project, so a repository's incident ends its uptime too."""
    rows = evidence(both, "uptime_streak", "shop", "source")
    found = [(since[:10], q, value / DAY, source) for since, q, _, value, source in rows]

    assert sorted(found) == [
        ("2024-01-11", Q1, 30, REPOSITORY),
        ("2024-02-12", Q1, 49, REPOSITORY),
        *[("2024-02-12", Q2, 79, source) for source in (REPOSITORY, "ledger#ledger")],
        *[("2024-05-02", Q2, 60, source) for source in (REPOSITORY, "ledger#ledger")],
        # The repository was last polled on the first of August.
        ("2024-05-02", Q3, 91, REPOSITORY),
        ("2024-05-02", Q3, 152, "ledger#ledger"),
        ("2024-05-02", Q4, 244, "ledger#ledger"),
        ("2024-05-02", AFTER, pytest.approx(303, abs=0.1), "ledger#ledger"),
    ]
    assert [value for value, *_ in figures(both, "uptime_streak", "shop", QUARTERS)] == [
        *(49, 79, 152, 244),
    ]


def test_incidents_of_issues_and_of_ledgers_are_one_mean(both):
    assert evidence(both, "mean_time_to_recovery", "shop", "source") == [
        (f"{REPOSITORY}#1", Q1, "counted", 2 * DAY, REPOSITORY),
        ("I-1", Q2, "counted", DAY, "ledger#ledger"),
    ]
    assert figures(both, "mean_time_to_recovery", "*", QUARTERS[:2]) == [
        (48.0, 1, 0, 1.0),
        (24.0, 1, 0, 1.0),
    ]


def test_deployments_of_a_ledger_count_only_where_the_projects_rules_say_so(tmp_path):
    table = "deployment,project,deployed_on\nD-1,shop,2024-01-10\nD-2,else,2024-01-10"
    ledger = kept(tmp_path, deployments=table)
    mute = Project(
        name="shop", title="Shop", sources=(REPOSITORY,), rules=(rule("deployments", "release"),)
    )

    with build(ledger.home / "store", Context(projects=(mute,), rules=SEOUL.rules)) as connection:
        assert evidence(connection, "deployment_frequency", "shop") == []
        assert evidence(connection, "deployment_frequency", "else") == [
            ("D-2", Q1, "counted", None)
        ]


def test_what_ended_after_a_day_is_not_counted_as_of_it_whatever_is_reported(tmp_path):
    table = (
        "incident,started_at,recovered_at,reported_quarter\n"
        "I-1,2024-03-31 10:00,2024-03-31 11:00,\nI-2,2024-03-31 10:00,2024-04-01 11:00,2024-Q1"
    )
    ledger = kept(tmp_path, incidents=table)
    cut = Calendar(time_zone="Asia/Seoul", last_day=date(2024, 3, 31))

    with build(ledger.home / "store", replace(SEOUL, calendar=cut)) as connection:
        assert evidence(connection, "mean_time_to_recovery", "ledger") == [
            ("I-1", Q1, "counted", HOUR),
            ("I-2", "unknown", "counted", 25 * HOUR),
        ]
