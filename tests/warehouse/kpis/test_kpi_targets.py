"""Test the target of a figure where several apply."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.support.rows.row_histories import HistoryRows, builder
from tests.support.rows.trackers import REPOSITORY
from warehouse.context import Context, Project, Target

build = builder("marts.kpi_quarterly", "marts.kpi_yearly", kpis=("commits",))

PROJECTS = tuple(Project(name=name, title=name, sources=(REPOSITORY,)) for name in ("app", "other"))


def target(value, project=None, quarter=None, **more):
    year = more.pop("fiscal_year", 2024)
    return Target(
        kpi="commits", fiscal_year=year, target=value, project=project, quarter=quarter, **more
    )


OF_EACH = (
    *(target(1), target(2, "app"), target(3, quarter="2024-Q1"), target(4, "app", "2024-Q1")),
    *(target(5, "*"), target(6, "other", "2023-Q1", fiscal_year=2023)),
)
CASES = [
    (OF_EACH, {"app": [4, 2], "other": [3, 1], "*": [5, 5]}, {"app": 2, "other": 1, "*": 5}),
    # A quarter's target for each project goes before the year's own.
    (OF_EACH[:3], {"app": [3, 2], "other": [3, 1], "*": [None] * 2}, {"app": 2, "other": 1}),
    (OF_EACH[:2], {"app": [2, 2], "other": [1, 1], "*": [None] * 2}, {"app": 2, "other": 1}),
]


@pytest.mark.parametrize("is_reversed", [False, True])
@pytest.mark.parametrize(("targets", "quarters", "years"), CASES)
def test_a_project_s_own_target_goes_before_that_for_all(
    tmp_path, targets, quarters, years, is_reversed
):
    history = HistoryRows(REPOSITORY)
    history.commit("a", at="2024-01-10T00:00")
    history.found(tmp_path)
    chosen = targets[::-1] if is_reversed else targets
    with build(tmp_path, Context(projects=PROJECTS, targets=chosen)) as connection:
        found = connection.execute(
            "select project, quarter, target from marts.kpi_quarterly where kpi = 'commits' "
            "and source = '*' and quarter in ('2024-Q1', '2024-Q2') order by project, quarter"
        ).fetchall()
        assert found == [
            (project, f"2024-Q{number}", value)
            for project, values in sorted(quarters.items())
            for number, value in enumerate(values, 1)
        ]
        yearly = connection.execute(
            "select project, target from marts.kpi_yearly where kpi = 'commits' "
            "and source = '*' and fiscal_year = 2024"
        ).fetchall()
        assert {project: value for project, value in yearly if value is not None} == years


AT_THE_BOUND = {
    "as high as the target": (target(1, near=0), "met"),
    "as high as nearly": (target(2, near=1), "near"),
    "until its last day": (target(2, accepted_until=date(2024, 3, 31)), "accepted"),
    "until the day before": (target(2, accepted_until=date(2024, 3, 30)), "missed"),
    "below nearly": (target(3, near=2), "missed"),
}


def test_a_figure_may_be_exactly_what_was_to_be_reached(tmp_path):
    """Each project has one commit, and a target of its own."""
    history = HistoryRows(REPOSITORY)
    history.commit("a", at="2024-01-10T00:00")
    history.found(tmp_path)
    context = Context(
        projects=tuple(
            Project(name=name, title=name, sources=(REPOSITORY,)) for name in AT_THE_BOUND
        ),
        targets=tuple(replace(aim, project=name) for name, (aim, _) in AT_THE_BOUND.items()),
    )
    with build(tmp_path, context) as connection:
        found = connection.execute(
            "select project, target_status from marts.kpi_quarterly where kpi = 'commits' "
            "and project != '*' and source = '*' and quarter = '2024-Q1'"
        ).fetchall()
    assert dict(found) == {name: status for name, (_, status) in AT_THE_BOUND.items()}
