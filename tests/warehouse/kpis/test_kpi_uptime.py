"""Test the longest interval without an incident."""

from __future__ import annotations

import pytest

from tests.support.rows.deliveries import incident, release
from tests.support.rows.row_histories import builder, evidence, figures
from tests.support.rows.trackers import TrackerRows
from warehouse.context import Context, Project
from warehouse.rules import rule

build = builder("figures.kpi_evidence", "marts.kpi_quarterly", kpis=("uptime_streak",))

RULES = (rule("deployments", "release"), rule("incident_labels", "incident"))
DAY = 86400
Q1, Q2, Q3 = QUARTERS = ["2024-Q1", "2024-Q2", "2024-Q3"]
# When each repository was first released, and its incidents: from when to when. All were polled
# for the last time on the first of August.
REPOSITORIES = {
    # One incident within another, and one that begins as the last of them ends.
    "calm": (
        "2024-01-11",
        [
            ("2024-02-10T00:00", "2024-02-12T00:00"),
            ("2024-02-11T00:00", "2024-02-11T12:00"),
            ("2024-03-03T00:00", "2024-03-04T00:00"),
            ("2024-03-04T00:00", "2024-03-05T00:00"),
        ],
    ),
    # All of a quarter, to the second.
    "filled": (
        "2024-01-01",
        [("2024-01-01T12:00", "2024-01-02T00:00"), ("2024-04-01T00:00", "2024-07-01T00:00")],
    ),
    # Over the ends of quarters, and by a second one that has no end.
    "down": ("2024-01-11", [("2024-02-10T00:00", "2024-05-01T00:00"), ("2024-04-20T00:00", None)]),
    # What was before the first that is known of it, nobody knows.
    "unknown": (None, [("2024-05-10T00:00", None)]),
    # By number, the first is not the one at the start of a quarter.
    "late": (None, [("2024-04-20T00:00", None), ("2024-02-10T00:00", "2024-05-01T00:00")]),
}


def tracker(name, released, incidents):
    made = TrackerRows(source=f"github.com/o/{name}#tracker")
    if released:
        release(made, "v1", f"{released}T00:00")
    for number, (began, ended) in enumerate(incidents, 1):
        incident(made, number, began, ended, url=f"https://github.com/o/{name}/issues/{number}")
    return made


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    store = tmp_path_factory.mktemp("uptime")
    sources = {name: f"github.com/o/{name}" for name in REPOSITORIES}
    for name, (released, incidents) in REPOSITORIES.items():
        made = tracker(name, released, incidents)
        made.found(store, path=f"o/{name}", repository=sources[name], tracker_id=name)
    projects = [
        Project(name=n, title=n, sources=(source,), rules=RULES) for n, source in sources.items()
    ]
    both = (sources["calm"], sources["filled"])
    projects = (*projects, Project(name="both", title="both", sources=both, rules=RULES))
    with build(store, Context(projects=projects)) as connection:
        yield connection


def streaks(connection, name):
    return [value for value, *_ in figures(connection, "uptime_streak", name, QUARTERS)]


def test_the_longest_interval_without_an_incident(built):
    """
    It grows on into each quarter, up to its end or to the last poll.

    Where one incident begins as another ends, there is no interval.
    """
    rows = evidence(built, "uptime_streak", "calm")

    assert [(s[:10], q, why, value and value / DAY) for s, q, why, value in rows] == [
        ("2024-01-11", Q1, "counted", 30),
        ("2024-02-12", Q1, "counted", 20),
        ("2024-03-05", Q1, "counted", 27),
        ("2024-03-05", Q2, "counted", 118),
        ("2024-03-05", Q3, "counted", 149),
    ]
    assert streaks(built, "calm") == [30, 118, 149]


def test_a_quarter_that_one_incident_fills_has_a_streak_of_zero(built):
    rows = evidence(built, "uptime_streak", "filled", "subject_type", "subject_url")

    assert rows == [
        ("2024-01-01T00:00:00Z", Q1, "counted", DAY // 2, "stretch", None),
        ("2024-01-02T00:00:00Z", Q1, "counted", 90 * DAY, "stretch", None),
        issue("filled", 2, Q2),
        ("2024-07-01T00:00:00Z", Q3, "counted", 31 * DAY, "stretch", None),
    ]
    assert streaks(built, "filled") == [90, 0, 31]


def test_incidents_fill_a_quarter_together(built):
    rows = evidence(built, "uptime_streak", "down", "subject_type", "subject_url")

    assert rows == [
        ("2024-01-11T00:00:00Z", Q1, "counted", 30 * DAY, "stretch", None),
        issue("down", 1, Q2),
        issue("down", 2, Q3),
    ]
    assert streaks(built, "down") == [30, 0, 0]


def test_a_project_that_never_recovered_has_a_streak_of_zero_from_its_failure_on(built):
    """Also in the quarter in which the failure is the first that is known of it."""
    rows = evidence(built, "uptime_streak", "unknown", "subject_type", "subject_url")

    assert rows == [issue("unknown", 1, Q2), issue("unknown", 1, Q3)]
    assert streaks(built, "unknown") == [0, 0]


def test_of_incidents_without_an_interval_the_one_at_the_quarters_start_is_the_row(built):
    rows = evidence(built, "uptime_streak", "late", "subject_type", "subject_url")

    assert rows == [issue("late", 2, Q1), issue("late", 2, Q2), issue("late", 1, Q3)]
    assert streaks(built, "late") == [0, 0, 0]


def issue(name, number, quarter):
    """Write the row of an incident that fills a quarter."""
    path = f"github.com/o/{name}"
    url = f"https://{path}/issues/{number}"
    return (f"{path}#{number}", quarter, "counted", 0, "incident", url)


def test_the_repositories_of_a_project_have_streaks_of_their_own(built):
    """An incident of one ends none of another."""
    both, *alone = (
        set(evidence(built, "uptime_streak", name, "source")) for name in ("both", "calm", "filled")
    )
    assert both == set().union(*alone)
