"""Test the presets in a project with a repository and its copy."""

from __future__ import annotations

import pytest

from flows.settings.workspace import context_of, open_workspace
from tests.support.rows.deliveries import incident
from tests.support.rows.row_histories import BOB, HistoryRows, built_file, micros
from tests.support.rows.trackers import TrackerRows
from warehouse.query.presets import ComparisonRequest, compare

LIB, FORK = "host/o/lib", "host/us/fork"
BAD = "bad" + "0" * 37
SETTINGS = f"""
[rules]
deployments = ["tag"]
[[projects]]
name = "all"
sources = ["https://{LIB}", "https://{FORK}"]
"""
NEEDED = (
    *("marts.kpi_quarterly", "marts.dim_kpis", "marts.dim_reasons", "facts.reviews"),
    *("facts.change_request_commits", "facts.commits", "facts.issues", "figures.kpi_evidence"),
    *("figures.compared_change_requests", "figures.compared_incidents"),
)


def tag(history, name, commit, day):
    tagged = ("Ann", "ann@example.org", micros(f"2024-{day}"), 0, "", False, None, None)
    history.add("tags", f"{name} of {history.source}", name, commit, "commit", *tagged)
    history.add("refs", f"refs/tags/{name}", "tag", f"{name} of {history.source}", commit, None)


def history(source):
    """Three versions, of which the second brought what the third reverted."""
    made = HistoryRows(source)
    made.commit("c0", files=[("a", 1, 1)])
    made.commit(BAD, "c0", at="2024-02-09T12:00")
    body = f"This reverts commit {BAD}."
    made.commit("back", BAD, at="2024-02-12T12:00", subject='Revert "Work"', body=body)
    for name, commit, day in (("v1", "c0", "02-03"), ("v2", BAD, "02-10"), ("v3", "back", "02-14")):
        tag(made, name, commit, day)
    return made


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """The copy has one version more, and the original an incident after the second version."""
    folder = tmp_path_factory.mktemp("copies")
    history(LIB).found(folder / "store")
    copy = history(FORK)
    copy.commit("own", "back", at="2024-02-15T12:00", by=BOB)
    tag(copy, "v4", "own", "02-16")
    copy.found(folder / "store")
    tracker = TrackerRows(source=f"{LIB}#tracker")
    incident(tracker, 1, "2024-02-11T00:00", "2024-02-13T00:00")
    tracker.found(folder / "store", path="o/lib", repository=LIB, tracker_id="lib")
    file = folder / "quarry.toml"
    file.write_text(SETTINGS)
    return built_file(folder, context_of(open_workspace(file, None)), NEEDED)


def compared(warehouse, preset, kpi, source):
    request = ComparisonRequest(preset, "2024-Q1", "all", source)
    return [
        (row.our_n, row.their_value, row.their_n)
        for row in compare(warehouse, request).rows
        if row.kpi == kpi
    ]


@pytest.mark.parametrize(
    ("preset", "kpi", "project", "original", "copy"),
    [
        ("devlake", "change_fail_rate", (4, 1 / 4, 4), (3, 1 / 3, 3), (4, 1 / 4, 4)),
        # The incident of the original is no copy; it is over three days after the deployment.
        ("devlake", "failed_deployment_recovery_time", (2, 72, 1), (2, 72, 1), (1, 0, 0)),
        ("fourkeys", "change_fail_rate", (4, 0, 4), (3, 0, 3), (4, 0, 4)),
        ("gitlab", "change_fail_rate", (4, 1 / 4, 4), (3, 1 / 3, 3), (4, 0, 4)),
        # An incident of two days, and a revert of four that both repositories have.
        ("middleware", "mean_time_to_recovery", (2, 72, 2), (2, 72, 2), (1, 96, 1)),
    ],
)
def test_a_deployment_or_revert_of_both_counts_once_in_their_project(
    warehouse, preset, kpi, project, original, copy
):
    found = [compared(warehouse, preset, kpi, source) for source in (None, LIB, FORK)]

    assert found == [[pytest.approx(figures, abs=1e-6)] for figures in (project, original, copy)]
