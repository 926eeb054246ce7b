"""Test the quarters in which KPIs have figures."""

from __future__ import annotations

from tests.support.rows.row_histories import HistoryRows, builder, figures, instant
from tests.support.rows.trackers import REPOSITORY, TrackerRows
from warehouse.context import Context, Project
from warehouse.rules import rule

build = builder(
    "figures.kpi_evidence",
    "marts.kpi_quarterly",
    kpis=("deployment_frequency", "deployment_schedule_adherence", "issues_closed", "commits"),
)

RULES = (rule("deployments", "release"), rule("deployments", "tag"), rule("deployment_tags", "v*"))
SETTINGS = Context(projects=(Project(name="r", title="r", sources=(REPOSITORY,), rules=RULES),))
QUARTERS = ("2023-Q3", "2023-Q4", "2024-Q1", "2024-Q2", "2024-Q3")


def released(made, at):
    known = {"is_draft": False, "is_prerelease": False, "tag_name": "1", "released_at": at}
    made.add("releases", release_id="1", **known)


def test_a_tracker_may_have_releases_and_milestones_before_its_first_issue(tmp_path):
    made = TrackerRows()
    made.issue(1, created_at="2024-04-10T00:00")
    released(made, "2023-12-10T00:00")
    made.add("milestones", milestone_id="1", title="1", due_on="2023-07-31", state="open")
    made.found(tmp_path)

    with build(tmp_path, SETTINGS) as connection:
        assert figures(connection, "deployment_frequency", "r", QUARTERS) == [
            *((1, 1, 0, 1), (0, 0, 0, None), (0, 0, 0, None), (0, 0, 0, None)),
        ]
        assert figures(connection, "deployment_schedule_adherence", "r", QUARTERS) == [
            *((0, 1, 0, 1), *[(None, 0, 0, None)] * 4),
        ]
        assert [row[0] for row in figures(connection, "issues_closed", "r", QUARTERS)] == [0, 0]


def test_a_tracker_may_hold_nothing_but_releases(tmp_path):
    made = TrackerRows()
    released(made, "2024-02-10T00:00")
    made.found(tmp_path)

    with build(tmp_path, SETTINGS) as connection:
        found = connection.execute(
            "select quarter, value, is_complete from marts.kpi_quarterly "
            "where kpi = 'deployment_frequency' and project = 'r' and source = '*' order by 1"
        ).fetchall()
    assert found == [("2024-Q1", 1, True), ("2024-Q2", 0, True), ("2024-Q3", 0, False)]


def test_a_tag_may_stand_on_a_history_that_is_older_than_the_branch(tmp_path):
    """As after a fresh start, of which only the tags know what was before."""
    made = HistoryRows(source=REPOSITORY, looked_at=instant("2024-05-01"))
    made.commit("before", at="2023-08-01T00:00")
    made.head = None
    made.commit("anew", at="2024-04-10T00:00")
    made.add("refs", "refs/tags/v1", "tag", "before", "before", None)
    made.found(tmp_path)

    with build(tmp_path, SETTINGS) as connection:
        found = [row[0] for row in figures(connection, "deployment_frequency", "r", QUARTERS)]
        assert found == [1, 0, 0, 0]
        assert [row[0] for row in figures(connection, "commits", "r", QUARTERS)] == [1]
