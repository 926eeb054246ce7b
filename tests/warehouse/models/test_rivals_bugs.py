"""
Test inputs on which other systems give wrong figures.

Each is a project of its own, mined and built twice: when the first quarter had just ended, and
after an issue was reopened and nearly two years of looks that found nothing else.

E1  the first day of a month is in the month before as well (DevLake's engineering overview)
E2  open issues are aged up to today, so that a finished quarter's mean grows (dbt_github)
E3  closings are those of the state today: a reopening takes them away (dbt_github, Augur,
    issue-metrics, GrimoireLab)
E4  a phase that was not measured is zero in a mean (Middleware, DevLake's throughput)
E5  no incidents are zero hours, and a median is the lower of two in the middle (DevLake)
E6  zones are cut to whole hours (GrimoireLab)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.support.git.repositories import MinedHome, Repository
from tests.support.rows.row_histories import HistoryRows, builder, instant, table
from tests.support.rows.trackers import TrackerRows
from warehouse.calendar import Calendar
from warehouse.context import Context, Project
from warehouse.rules import rule

if TYPE_CHECKING:
    import duckdb

build = builder(
    "figures.kpi_evidence",
    "marts.kpi_quarterly",
    "marts.kpi_yearly",
    "marts.merge_lead_time_quarterly",
    "marts.issue_closure_quarterly",
)

RULES = (rule("deployments", "deployment"), rule("incident_labels", "incident"))
SOON, LATE = instant("2024-04-10"), instant("2026-01-01")
NAMES = ("boundary", "reopened", "reviews", "incidents", "peace")
PROJECTS = tuple(
    Project(name=name, title=name, sources=(f"github.com/o/{name}",), rules=RULES) for name in NAMES
)
FIRST_QUARTER = "select * from {} where quarter = '2024-Q1' order by all"
FIGURES = """
    select quarter, value, n from marts.kpi_quarterly
    where project = $1 and kpi = $2 and source = '*' and quarter in ('2024-Q1', '2024-Q2')
    order by quarter
"""
YEARS = """
    select fiscal_year, value from marts.kpi_yearly
    where project = 'boundary' and kpi = $1 and source = '*' order by fiscal_year
"""


def tracker(name, looked_at=SOON, **facts):
    return TrackerRows(source=f"github.com/o/{name}#tracker", looked_at=looked_at, **facts)


def merged(made, number, at, **facts):
    made.change_request(number, ("merged", at), merged_at=at, state="closed", closed_at=at, **facts)


def closed(made, number, at, *events, **facts):
    made.issue(number, *events, ("closed", at), state="closed", closed_at=at, **facts)


def at_the_boundary():
    """Four change requests: one before the quarter's last second, one on the next one's first."""
    made = tracker("boundary")
    days = ("2024-02-01T00:00", "2024-03-31T23:59:59", "2024-04-01T00:00", "2024-04-02T00:00")
    for number, at in enumerate(days, 1):
        merged(made, number, at)
        closed(made, 10 + number, at)
    return made


def reopened():
    """Two issues, closed after 30 and 60 days, that had been assigned ten days after opening."""
    made = tracker("reopened")
    assigned = ("assigned", "2024-01-20T00:00", {"subject_login": "bob"})
    for number, at in enumerate(("2024-02-09T00:00", "2024-03-10T00:00"), 1):
        closed(made, number, at, assigned, assignees=["bob"])
    return made


def reopened_later():
    made = tracker("reopened", LATE, event_count=100)
    again = ("reopened", "2024-04-20T00:00")
    closed(made, 1, "2024-05-09T00:00", again, assignees=["bob"])
    return made


def reviews():
    """Five change requests, of which two were reviewed: after 40 hours and after 20."""
    made = tracker("reviews")
    for number in range(1, 6):
        merged(made, number, "2024-03-10T00:00", created_at="2024-03-01T00:00")
        made.commit(number, f"c{number}", "2024-02-28T00:00")
    made.review(1, "bob", "2024-03-02T16:00")
    made.review(2, "bob", "2024-03-01T20:00")
    return made


def incidents():
    """Four deployments fail at once, and recover after 2000, 1000, 20 and 10 hours."""
    made = tracker("incidents")
    days = ("2024-01-02T00:00", "2024-01-08T00:00", "2024-01-20T00:00", "2024-01-25T00:00")
    ends = ("2024-03-25T08:00", "2024-02-18T16:00", "2024-01-20T20:00", "2024-01-25T10:00")
    for number, (began, ended) in enumerate(zip(days, ends, strict=True), 1):
        made.add("deployments", deployment_id=str(number), is_production=True, succeeded_at=began)
        closed(made, number, ended, created_at=began, labels=["incident"])
    return made


def peace():
    """A deployment that no incident is attributed to."""
    made = tracker("peace")
    made.issue(1)
    made.add("deployments", deployment_id="1", is_production=True, succeeded_at="2024-02-01T00:00")
    return made


class Builds(NamedTuple):
    soon: duckdb.DuckDBPyConnection
    late: duckdb.DuckDBPyConnection


@pytest.fixture(scope="module")
def builds(tmp_path_factory):
    store, context = tmp_path_factory.mktemp("rivals"), Context(projects=PROJECTS)
    for made in (at_the_boundary(), reopened(), reviews(), incidents(), peace()):
        name = made.source.removeprefix("github.com/").removesuffix("#tracker")
        made.found(store, path=name, repository=f"github.com/{name}")
    history = HistoryRows(source="github.com/o/boundary", looked_at=SOON)
    history.commit("a", at="2024-03-31T23:59:59")
    history.commit("b", "a", at="2024-04-01T00:00")
    history.found(store)
    with build(store, context) as soon:
        reopened_later().write(store)
        for name in NAMES:
            tracker(name, LATE).write(store)
        HistoryRows(source="github.com/o/boundary", looked_at=LATE).write(store)
        with build(store, context) as late:
            yield Builds(soon, late)


def figures(connection, project, kpi):
    return connection.execute(FIGURES, [project, kpi]).fetchall()


@pytest.mark.parametrize("kpi", ["change_requests_merged", "issues_closed"])
def test_the_first_instant_of_a_quarter_is_counted_once(builds, kpi):
    """E1: not in both, so that quarters add up to the year."""
    assert figures(builds.late, "boundary", kpi) == [("2024-Q1", 2.0, 2), ("2024-Q2", 2.0, 2)]
    found = builds.late.execute(YEARS, [kpi]).fetchall()
    assert found == [(2024, 4), (2025, 0), (2026, 0)]


def test_a_commit_of_the_first_instant_is_counted_once(builds):
    assert figures(builds.late, "boundary", "commits") == [("2024-Q1", 1.0, 1), ("2024-Q2", 1.0, 1)]


def test_a_finished_quarter_is_the_same_whenever_it_is_built(builds):
    """E2: no age of it grows, for none is counted up to today."""
    for name in ("marts.kpi_quarterly", "figures.kpi_evidence"):
        first, then = (table(connection, FIRST_QUARTER.format(name)) for connection in builds)
        assert {row["project"] for row in first} - {"*"} == set(NAMES)
        assert all(row.get("is_complete", True) for row in first)
        assert first == then


def test_issues_that_stay_open_are_counted_and_age_in_no_quarter(builds):
    """E2: whether it is built as it ends or two years on, what is open has no days yet."""
    for connection in builds:
        assert connection.execute(
            "select project, opened_count, closed_count, open_at_end_count, mean_days_to_close, "
            "median_days_to_close from marts.issue_closure_quarterly where quarter = '2024-Q1' "
            "and project in ('peace', 'reopened') order by project"
        ).fetchall() == [("peace", 1, 0, 1, None, None), ("reopened", 2, 2, 0, 45, 45)]


@pytest.mark.parametrize(
    ("kpi", "first", "second"),
    [
        ("issues_closed", (2, 2), (1, 1)),
        ("throughput", (2, 2), (1, 1)),
        ("days_to_close", (45, 2), (120, 1)),
        ("project_lead_time", (35, 2), (110, 1)),
        ("issue_resolution_ratio", (1, 2), (1, 1)),
        ("issue_closure_ratio", (1, 4), (None, 1)),
        ("issues_remaining", (0, 0), (0, 0)),
    ],
)
def test_a_reopened_issue_stays_closed_in_its_old_quarter(builds, kpi, first, second):
    """E3: what a quarter closed is not undone, and what the next one closes is its own."""
    assert figures(builds.late, "reopened", kpi) == [("2024-Q1", *first), ("2024-Q2", *second)]


def test_a_phase_that_was_not_measured_is_not_zero(builds):
    """E4: 40 and 20 hours are 30, not 12 hours over five."""
    (found,) = table(
        builds.late,
        "select * from marts.kpi_quarterly where project = 'reviews' and kpi = 'pickup_time' "
        "and source = '*' and quarter = '2024-Q1'",
    )
    told = ("value", "n", "left_out_count", "coverage_ratio", "min_value", "max_value")
    assert [found[name] for name in told] == [30, 2, 3, 0.4, 20, 40]
    assert 12 not in found.values()
    (lead_time,) = table(
        builds.late,
        "select * from marts.merge_lead_time_quarterly "
        "where project = 'reviews' and quarter = '2024-Q1'",
    )
    assert lead_time["median_pickup_hours"] == 30
    assert 12 not in lead_time.values()


def test_without_incidents_there_is_no_time_to_recover(builds):
    """E5: that is not zero hours; the deployment did not fail."""
    for kpi in ("failed_deployment_recovery_time", "mean_time_to_recovery"):
        assert figures(builds.late, "peace", kpi)[0] == ("2024-Q1", None, 0)
    assert figures(builds.late, "peace", "change_fail_rate")[0] == ("2024-Q1", 0, 1)


def test_the_median_of_four_lies_between_the_two_in_the_middle(builds):
    """E5: 10, 20, 1000 and 2000 hours are 510, not the 20 that is the lower of the two."""
    assert figures(builds.late, "incidents", "failed_deployment_recovery_time")[0] == (
        *("2024-Q1", 510, 4),
    )
    assert figures(builds.late, "incidents", "mean_time_to_recovery")[0] == ("2024-Q1", 757.5, 4)


def test_half_an_hour_of_a_zone_is_kept(tmp_path):
    """E6: +05:30 is 330 minutes, and midnight in Kolkata ends the quarter there."""
    made, home = Repository.make(tmp_path / "made"), MinedHome(tmp_path / "home")
    midnight = int(instant("2024-03-31T18:30").timestamp())
    for number, seconds in enumerate((midnight - 1, midnight)):
        who = b"Ada <ada@example.org> %d +0530" % seconds
        made.commit(b"%d" % number, author=who, committer=who)
    home.mine(made.path)
    connection = build(home.path / "store", Context(calendar=Calendar("Asia/Kolkata")))

    found = connection.execute(
        "select subject, quarter, author_offset_minutes, committer_offset_minutes "
        "from facts.commits order by subject"
    ).fetchall()
    assert found == [("0", "2024-Q1", 330, 330), ("1", "2024-Q2", 330, 330)]
    assert figures(connection, "made", "commits") == [("2024-Q1", 1, 1), ("2024-Q2", 1, 1)]
