"""Test the preset of DevLake on the values that DevLake publishes."""

from __future__ import annotations

import pytest

from tests.support.rows.preset_rows import RULES, deployment, sha
from tests.support.rows.row_histories import HistoryRows, built_file
from tests.support.rows.trackers import TrackerRows
from warehouse.context import Context, Project
from warehouse.query.presets import ComparisonRequest, compare

SOURCE = "github.com/o/published"
CONTEXT = Context(projects=(Project(name="p", title="p", sources=(SOURCE,), rules=RULES),))
NEEDED = (
    *("marts.kpi_quarterly", "marts.dim_kpis", "marts.dim_reasons", "facts.reviews"),
    *("facts.change_request_commits", "facts.commits", "facts.issues", "figures.kpi_evidence"),
    *("figures.compared_change_requests", "figures.compared_incidents"),
)
# Of plugins/dora/e2e/change_lead_time, a year later: opened and merged, first written, comments.
PULLS = {
    1: (
        *("04-11T04:51:47", "04-11T05:51:47", "04-10T04:51:47"),
        [("a", "04-11T04:53:47"), ("b", "04-11T04:56:47"), ("c", "04-11T04:59:47")],
    ),
    2: (
        *("04-12T04:51:47", "04-12T05:51:47", "04-13T04:51:47"),
        [("d", "04-12T04:51:49"), ("e", "04-12T05:51:47"), ("f", "04-12T08:51:47")],
    ),
    3: (
        *("04-11T06:53:51", "04-14T06:53:51", "04-07T04:51:47"),
        [("g", "04-10T06:53:51"), ("h", "04-12T06:53:51")],
    ),
    4: (
        *("04-13T07:55:01", "04-13T08:55:01", "04-05T04:51:47"),
        [("j", "04-14T08:55:01"), ("k", "04-14T08:55:01")],
    ),
}
# Of project_pr_metrics.csv, in minutes; none is no time: coding, pickup, review, cycle.
PUBLISHED = {
    1: (1440, 5, 55, 4478),
    2: (0, 1, 60, 1598),
    3: (5883, 0, 5760, 10203),
    4: (11704, 1500, 0, 11764),
}


def on(day):
    return f"2024-{day}"


def write(store):
    made, history = TrackerRows(source=f"{SOURCE}#tracker"), HistoryRows(source=SOURCE)
    history.commit(sha("commit1"), at=on("04-01T00:00"))
    for number, (opened, merged_at, written, comments) in PULLS.items():
        history.commit(sha(f"merge{number}"), history.head, at=on(merged_at), subject="Work")
        landed = {"merged_at": on(merged_at), "closed_at": on(merged_at), "state": "closed"}
        event = ("merged", on(merged_at), {"commit_hash": sha(f"merge{number}")})
        made.change_request(number, event, created_at=on(opened), author_login="a", **landed)
        made.commit(number, f"of {number}", on(written))
        for login, at in comments:
            made.comment(number, login, on(at), item_kind="change_request")
    # Each ended a minute after it started; the fourth was in none of production.
    deployment(made, "1", "04-10T06:52:47", "commit1")
    deployment(made, "5", "04-13T07:29:14", "merge2")
    deployment(made, "6", "04-13T07:30:34", "merge3")
    history.found(store)
    made.found(store, path="o/published", repository=SOURCE)


@pytest.fixture(scope="module")
def theirs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("devlake")
    write(folder / "store")
    file = built_file(folder, CONTEXT, NEEDED)
    rows = compare(file, ComparisonRequest("devlake", "2024-Q2", "p")).rows
    return {row.kpi: (row.their_value, row.their_n) for row in rows}


@pytest.mark.parametrize(
    ("kpi", "place"), [("coding_time", 0), ("pickup_time", 1), ("review_time", 2), ("lead_time", 3)]
)
def test_the_phases_are_those_that_devlake_publishes(theirs, kpi, place):
    minutes = [values[place] for values in PUBLISHED.values()]
    value, count = theirs[kpi]
    assert (value, count) == (pytest.approx(sum(minutes) / 4 / 60, abs=1e-6), 4)


def test_the_lead_time_is_that_of_what_was_deployed(theirs):
    """The lower of two middle values, had there been two."""
    value, count = theirs["change_lead_time"]
    assert (value, count) == (pytest.approx(PUBLISHED[1][3] / 60, abs=1e-6), 3)
