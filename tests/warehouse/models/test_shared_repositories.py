"""Test that figures of all projects count shared rows once."""

from __future__ import annotations

import pytest

from tests.support.rows.row_histories import BOB, ROBOT, HistoryRows, builder, rows
from tests.support.rows.trackers import REPOSITORY, TrackerRows
from warehouse.context import Context, IdentityRule, Project
from warehouse.rules import rule

build = builder(
    *("figures.kpi_evidence", "marts.kpi_quarterly", "marts.kpi_yearly"),
    kpis=("commits", "lines_changed", "active_contributors", "issues_closed", "days_to_close"),
)

PROJECTS = {
    "excluding": (rule("left_out_authors", "bot"), rule("left_out_labels", "chore")),
    "including": (),
    "third": (rule("left_out_labels", "chore"),),
}
CONTEXT = Context(
    projects=tuple(
        Project(name=name, title=name, sources=(REPOSITORY,), rules=rules)
        for name, rules in PROJECTS.items()
    ),
    identity_rules=(IdentityRule("bot", r"\[bot\]"),),
)
FIGURES = """
    select project, value, n, left_out_count from {}
    where kpi = '{}' and source = '*' order by project
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Four commits of a bot and one of a person, three issues closed, of which two are chores."""
    store = tmp_path_factory.mktemp("shared")
    history = HistoryRows(REPOSITORY)
    for number in range(4):
        parents = (history.head,) if history.head else ()
        history.commit(f"c{number}", *parents, by=ROBOT, files=[("a", 10, 0)])
    history.commit("c4", "c3", by=BOB, files=[("a", 1, 0)])
    history.found(store)
    tracker = TrackerRows()
    at = "2024-02-01T00:00"
    for number, labels in ((1, []), (2, ["chore"]), (3, ["chore"])):
        facts = {"labels": labels, "state": "closed", "closed_at": at}
        tracker.issue(number, ("closed", at), **facts)
    tracker.found(store)
    with build(store, CONTEXT) as connection:
        yield connection


@pytest.mark.parametrize(
    ("kpi", "of_all", "excluding", "including", "third"),
    [
        ("commits", (5, 5, 0), (1, 1, 4), (5, 5, 0), (5, 5, 0)),
        ("lines_changed", (41, 5, 0), (1, 1, 4), (41, 5, 0), (41, 5, 0)),
        ("active_contributors", (2, 2, 0), (1, 1, 1), (2, 2, 0), (2, 2, 0)),
        ("issues_closed", (3, 3, 0), (1, 1, 2), (3, 3, 0), (1, 1, 2)),
        ("days_to_close", (22, 3, 0), (22, 1, 2), (22, 3, 0), (22, 1, 2)),
    ],
)
def test_what_one_project_excludes_counts_for_all_if_another_counts_it(
    built, kpi, of_all, excluding, including, third
):
    for mart in (
        "(from marts.kpi_quarterly where quarter = '2024-Q1')",
        "(from marts.kpi_yearly where fiscal_year = 2024)",
    ):
        assert rows(built, FIGURES.format(mart, kpi)) == [
            ("*", *of_all),
            ("excluding", *excluding),
            ("including", *including),
            ("third", *third),
        ]
