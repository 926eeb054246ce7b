"""Test KPIs on deployments and incidents."""

from __future__ import annotations

import pytest

from tests.support.rows.deliveries import incident, release, sha
from tests.support.rows.row_histories import HistoryRows, builder, evidence, figures
from tests.support.rows.trackers import REPOSITORY, TrackerRows
from warehouse.context import Context, Project
from warehouse.rules import rule

build = builder(
    "figures.kpi_evidence",
    "marts.kpi_quarterly",
    kpis=(
        "change_fail_rate",
        "change_lead_time",
        "commits",
        "deployment_frequency",
        "deployment_rework_rate",
        "failed_deployment_recovery_time",
        "mean_time_to_recovery",
    ),
)

RULES = (
    rule("deployments", "release"),
    rule("incident_labels", "incident"),
    rule("hotfix_labels", "hotfix"),
)
SETTINGS = Context(projects=(Project(name="r", title="r", sources=(REPOSITORY,), rules=RULES),))
DAY = 86400
WEB = "https://github.com/o/r/pull"


def history():
    """The main branch: a bad commit and its revert, one reverted before anybody used it, a fix."""
    made = HistoryRows(source=REPOSITORY)
    steps = [
        ("old", "2024-01-01T00:00", "2024-01-01T00:00", None),
        ("bad", "2024-01-14T00:00", "2024-01-15T00:00", None),
        ("same", "2024-01-25T00:00", "2024-01-25T00:00", None),
        ("unsame", "2024-01-26T00:00", "2024-01-26T00:00", "same"),
        ("fix", "2024-01-30T00:00", "2024-01-30T00:00", "bad"),
        ("hot", "2024-02-19T00:00", "2024-02-19T00:00", None),
        ("undo", "2024-03-05T00:00", "2024-03-05T00:00", "hot"),
        ("calm", "2024-03-15T00:00", "2024-03-15T00:00", None),
        ("waits", "2024-03-22T00:00", "2024-03-25T00:00", None),
    ]
    parents = ()
    for name, written, at, taken_back in steps:
        body = f"This reverts commit {sha(taken_back)}." if taken_back else ""
        made.commit(sha(name), *parents, at=at, written=written, subject=name, body=body)
        parents = (sha(name),)
    return made


def deliveries():
    """Six releases, and an incident of each kind."""
    made = TrackerRows()
    days = ("01-10", "01-20", "02-01", "02-20", "03-10", "03-20")
    commits = ("old", "bad", "fix", "hot", "undo", "calm")
    for number, (day, commit) in enumerate(zip(days, commits, strict=True), 1):
        release(made, f"v{number}", f"2024-{day}T00:00", commit)
    merge = ("merged", "2024-02-19T00:00", {"commit_hash": sha("hot")})
    request = {"state": "closed", "merged_at": merge[1], "labels": ["hotfix"], "url": f"{WEB}/50"}
    made.change_request(50, merge, **request)
    incident(made, 1, "2024-02-25T00:00", "2024-02-26T00:00", body="Root cause: v2")
    incident(
        made, 2, "2024-03-12T00:00", "2024-03-13T00:00", body=f"**Caused by:** `{sha('bad')[:9]}`"
    )
    incident(made, 3, "2024-03-11T00:00", "2024-03-12T12:00", body="Caused by: #50")
    incident(made, 4, "2024-01-29T00:00", "2024-01-30T00:00", "fix")
    incident(made, 5, "2024-02-12T00:00", "2024-02-20T00:00", "hot", labels=["v1"])
    incident(made, 6, "2024-03-05T00:00", "2024-03-06T00:00", labels=["v1"])
    incident(made, 7, "2024-02-23T00:00", "2024-04-02T00:00")
    incident(made, 8, "2024-02-23T00:01", "2024-02-24T00:00")
    incident(made, 9, "2024-01-05T00:00", "2024-01-06T00:00")
    incident(made, 10, "2024-03-10T12:00")
    incident(made, 11, "2024-03-20T00:00", "2024-03-21T00:00", state_reason="duplicate")
    incident(made, 12, "2024-03-20T00:00", "2024-03-21T00:00", state_reason="not_planned")
    copy = {"state_reason": "duplicate", "body": f"- Root cause: <{WEB}/50>."}
    incident(made, 13, "2024-03-20T00:00", "2024-03-21T00:00", **copy)
    return made


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    store = tmp_path_factory.mktemp("delivery")
    history().found(store)
    deliveries().found(store)
    with build(store, SETTINGS) as connection:
        yield connection


def v(number):
    return f"{REPOSITORY}/releases/v{number}"


def named(subject):
    """Name an issue by its number, and a commit by its own name."""
    names = {sha(name): name for name in ("unsame", "fix", "undo")}
    return names.get(subject) or int(subject.rpartition("#")[2])


def of_incidents(connection, kpi):
    rows = evidence(connection, kpi, "r", "grade", "related_id")
    return {
        named(subject): (quarter[5:], reason, value and value / 3600, grade, related)
        for subject, quarter, reason, value, grade, related in rows
    }


# By issue, or by reverting commit: quarter, reason, hours since the deployment, hours since its
# own beginning, grade, deployment.
INCIDENTS = {
    1: ("Q1", "counted", 37 * 24, 24, "explicit", v(2)),
    2: ("Q1", "counted", 53 * 24, 24, "explicit", v(2)),
    3: ("Q1", "counted", 21.5 * 24, 36, "explicit", v(4)),
    4: ("Q1", "counted", 12 * 24, 24, "revert", v(2)),
    5: ("Q1", "counted", 19 * 24, 8 * 24, "hotfix", v(3)),
    6: ("Q1", "counted", 56 * 24, 24, "label", v(1)),
    7: ("Q2", "counted", 42 * 24, 39 * 24, "window", v(4)),
    8: ("Q1", "no_deployment", None, 24 - 1 / 60, None, None),
    9: ("Q1", "no_deployment", None, 24, None, None),
    10: ("Q1", "still_open", None, None, "window", v(5)),
    11: ("Q1", "duplicate", None, None, "window", v(6)),
    12: ("Q1", "not_planned", None, None, "window", v(6)),
    13: ("Q1", "duplicate", None, None, "explicit", v(4)),
    "fix": ("Q1", "duplicate", None, None, "revert", v(2)),
    "undo": ("Q1", "counted", 19 * 24, 19 * 24, "revert", v(4)),
}


# What brought the repair was deployed, so that recovery ended then.
REPAIRED = {4: "revert, repair", 5: "hotfix, repair"}


def test_every_incident_is_attributed_to_a_deployment_by_the_best_evidence(built):
    found = of_incidents(built, "failed_deployment_recovery_time")
    assert found.pop("unsame")[1:] == ("not_deployed", None, None, None)

    assert found == {
        number: (quarter, reason, hours, REPAIRED.get(number, grade), deployment)
        for number, (quarter, reason, hours, _, grade, deployment) in INCIDENTS.items()
    }
    assert figures(built, "failed_deployment_recovery_time", "r") == [(21.5 * 24, 7, 8, 7 / 9)]


def test_incidents_without_a_deployment_count_in_the_mean_time_to_recovery(built):
    found = of_incidents(built, "mean_time_to_recovery")
    assert found.pop("unsame")[1:] == ("not_deployed", None, None, None)

    assert found == {
        number: (quarter, reason.replace("no_deployment", "counted"), hours, grade, deployment)
        for number, (quarter, reason, _, hours, grade, deployment) in INCIDENTS.items()
    }


def test_a_deployment_fails_once_however_many_incidents_are_attributed_to_it(built):
    rows = evidence(built, "change_fail_rate", "r", "grade", "related_id")

    assert [
        (subject, value, grade, of and named(of)) for subject, _, _, value, grade, of in rows
    ] == [
        (v(1), 1, "label", 6),
        (v(2), 1, "explicit", 1),
        (v(3), 1, "hotfix", 5),
        (v(4), 1, "revert", "undo"),
        (v(5), 1, "window", 10),
        (v(6), 0, None, None),
    ]
    assert figures(built, "change_fail_rate", "r") == [(round(5 / 6, 6), 6, 0, 1)]
    assert figures(built, "deployment_frequency", "r", ["2024-Q1", "2024-Q2"]) == [
        *((6, 6, 0, 1), (0, 0, 0, None)),
    ]


def test_rework_is_what_brought_a_revert_a_hotfix_or_the_end_of_an_incident(built):
    """A revert of what nobody had deployed is none."""
    rows = evidence(built, "deployment_rework_rate", "r", "grade")

    assert [(subject, value, grade) for subject, _, _, value, grade in rows] == [
        (v(1), 0, None),
        (v(2), 0, None),
        (v(3), 1, "incident"),
        (v(4), 1, "hotfix"),
        (v(5), 1, "revert"),
        (v(6), 0, None),
    ]
    assert figures(built, "deployment_rework_rate", "r") == [(0.5, 6, 0, 1)]


def test_a_change_takes_from_its_author_to_its_deployment(built):
    """What was there before the first release, and what is in none, has no time."""
    rows = evidence(built, "change_lead_time", "r", "related_id")
    names = {sha(name): name for name in ("old", "bad", "same", "unsame", "fix", "hot", "undo")}
    names |= {sha(name): name for name in ("calm", "waits")}

    assert {names[s]: (q, why, value, of) for s, q, why, value, of in rows} == {
        "old": ("2024-Q1", "before_first_deployment", None, v(1)),
        "bad": ("2024-Q1", "counted", 6 * DAY, v(2)),
        "same": ("2024-Q1", "counted", 7 * DAY, v(3)),
        "unsame": ("2024-Q1", "counted", 6 * DAY, v(3)),
        "fix": ("2024-Q1", "counted", 2 * DAY, v(3)),
        "hot": ("2024-Q1", "counted", 1 * DAY, v(4)),
        "undo": ("2024-Q1", "counted", 5 * DAY, v(5)),
        "calm": ("2024-Q1", "counted", 5 * DAY, v(6)),
        "waits": ("2024-Q1", "no_deployment", None, None),
    }
    assert figures(built, "change_lead_time", "r") == [(120, 7, 2, 7 / 9)]
