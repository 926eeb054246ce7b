"""Test presets on the values that other systems publish."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest

from tests.support.rows.preset_rows import RULES, deployment, incident, sha
from tests.support.rows.row_histories import START, HistoryRows, built_file, days
from tests.support.rows.trackers import TrackerRows
from warehouse.context import Context, Project
from warehouse.query.presets import ComparisonRequest, compare

NEEDED = (
    *("marts.kpi_quarterly", "marts.dim_kpis", "marts.dim_reasons", "facts.reviews"),
    *("facts.change_request_commits", "facts.commits", "facts.issues", "figures.kpi_evidence"),
    *("figures.compared_change_requests", "figures.compared_incidents"),
)
Q1, Q2 = "2024-Q1", "2024-Q2"
HOUR, DAY = 3600, 86_400
# Middleware, test_lead_time_service: seconds of a PR's coding and first response, and how many
# PRs had them; each had 10 s of rework and 1 s until the merge.
PHASES = [(1, 4, 1), (2, 3, 2), (3, 2, 3), (4, 1, 4)]
# Middleware, test_mean_time_to_recovery: seconds of incidents.
RECOVERIES = {
    "three": {Q1: [100, 300, 800]},
    "four": {Q1: [100, 300, 800, 90]},
    "weeks": {Q1: [100, 100, 400], Q2: [100] * 4},
}
# GitLab, spec/models/dora: days from the merges to their deployment, and of incidents.
MERGED_BEFORE, RESTORED = (1, 2, 5), (7, 5, 3, 1)
# GitLab, stage_time_summary_spec: days of issues, and since the first commit of what closed them.
LEAD_TIMES = {
    "of-three": (1, 2, 4),
    "of-five": (1, 2, 4, 3, 5),
    "of-two": (2, 3),
    "of-last": (1, 2),
}
# CHAOSS, Contributor Absence Factor: contributions of eight people.
CONTRIBUTIONS = (1000, 202, 90, 33, 332, 343, 42, 433)
# By system and project: KPI, quarter, and the published value in its unit, and of how many.
PUBLISHED = {
    ("middleware", "ten"): [
        ("coding_time", Q1, 3 / HOUR, 10),
        ("pickup_time", Q1, 2 / HOUR, 10),
        ("review_time", Q1, 10 / HOUR, 10),
        ("merge_time", Q1, 1 / HOUR, 10),
        ("lead_time", Q1, (3 + 2 + 10 + 1) / HOUR, 10),
    ],
    ("middleware", "some"): [
        ("coding_time", Q1, 5 / 3 / HOUR, 3),
        ("pickup_time", Q1, 10 / 3 / HOUR, 3),
        ("review_time", Q1, 10 / HOUR, 3),
        ("merge_time", Q1, 1 / HOUR, 3),
    ],
    ("middleware", "three"): [("mean_time_to_recovery", Q1, 400 / HOUR, 3)],
    ("middleware", "four"): [("mean_time_to_recovery", Q1, 322.5 / HOUR, 4)],
    ("middleware", "weeks"): [
        ("mean_time_to_recovery", Q1, 200 / HOUR, 3),
        ("mean_time_to_recovery", Q2, 100 / HOUR, 4),
    ],
    ("gitlab", "dora"): [
        ("change_lead_time", Q1, 2 * 24, 3),
        ("mean_time_to_recovery", Q1, 4 * 24, 4),
        # Three incidents on a day, and one deployment.
        ("change_fail_rate", Q2, 3, 1),
    ],
    ("gitlab", "one"): [("days_to_close", Q1, 1, 1), ("project_lead_time", Q1, 2, 1)],
    ("gitlab", "of-three"): [("days_to_close", Q1, 2, 3), ("project_lead_time", Q1, 2, 3)],
    ("gitlab", "of-five"): [("days_to_close", Q1, 3, 5), ("project_lead_time", Q1, 3, 5)],
    ("gitlab", "of-two"): [("days_to_close", Q1, 2.5, 2), ("project_lead_time", Q1, 2.5, 2)],
    ("gitlab", "of-last"): [("days_to_close", Q1, 1.5, 2)],
    ("chaoss", "eight"): [("contributor_absence_factor", Q1, 2, 8)],
}
PROJECTS = {project for _, project in PUBLISHED}
CONTEXT = Context(
    projects=tuple(
        Project(name=name, title=name, sources=(f"github.com/o/{name}",), rules=RULES)
        for name in sorted(PROJECTS)
    )
)


def at(seconds, day=40):
    """Name an instant some seconds after a day of 2024."""
    return (START + timedelta(days=day, seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S")


def in_year(instant):
    """Name an instant as the rows of presets do, which are all of 2024."""
    return instant.removeprefix("2024-")


def middleware_phases(made, phases):
    numbers = count(1)
    for coding, response, times in phases:
        for number, _ in zip(numbers, range(times), strict=False):
            reviewed = coding + response
            merged = reviewed + 11
            facts = {"merged_at": at(merged), "closed_at": at(merged), "state": "closed"}
            made.change_request(number, ("merged", at(merged)), created_at=at(coding), **facts)
            made.commit(number, f"of {number}", at(0))
            made.review(number, "bob", at(reviewed))
            made.review(number, "bob", at(reviewed + 10), "approved")


def middleware_incidents(made, seconds):
    numbers = count(1)
    for quarter, durations in seconds.items():
        day = {Q1: 10, Q2: 100}[quarter]
        for number, duration in zip(numbers, durations, strict=False):
            incident(made, number, in_year(at(0, day)), in_year(at(duration, day)))


def gitlab_dora(made, history):
    """Three merges that a deployment brings, one that it does not, and incidents."""
    history.commit(sha("base"), at=days(20))
    deployment(made, "1", in_year(days(21)), "base")
    for number, before in enumerate(sorted(MERGED_BEFORE, reverse=True), 1):
        _merge(made, history, number, 40 - before)
    deployment(made, "2", in_year(days(40)), f"merge{len(MERGED_BEFORE)}")
    _merge(made, history, 4, 39)
    for number, took in enumerate(RESTORED, 11):
        incident(made, number, in_year(days(60 - took)), in_year(days(60)))
    made.issue(20, ("closed", days(60)), created_at=days(1), state="closed", closed_at=days(60))
    incident(made, 21, in_year(days(50)), in_year(days(120)))
    deployment(made, "3", in_year(days(101)), f"merge{len(MERGED_BEFORE)}")
    for number, hour in enumerate((0, 1, 23), 31):
        made.issue(number, created_at=at(hour * HOUR, 102), labels=["incident"])


def _merge(made, history, number, day):
    name = sha(f"merge{number}")
    history.commit(name, history.head, at=days(day))
    facts = {"merged_at": days(day), "closed_at": days(day), "state": "closed"}
    made.change_request(
        number, ("merged", days(day), {"commit_hash": name}), created_at=days(day - 3), **facts
    )


def gitlab_issues(made, leads, cycles):
    """Issues that were open, and begun, for some days, and closed by a change request."""
    for number, (lead, cycle) in enumerate(zip(leads, cycles, strict=True), 1):
        request = 100 + number
        closed = ("closed", days(60), {"closing_item_id": f"change_request-{request}"})
        made.issue(number, closed, created_at=days(60 - lead), state="closed", closed_at=days(60))
        facts = {"merged_at": days(60), "closed_at": days(60), "state": "closed"}
        made.change_request(request, ("merged", days(60)), created_at=days(60), **facts)
        made.commit(request, f"of {request}", days(60 - cycle))


def chaoss_people(history):
    for person, contributions in enumerate(CONTRIBUTIONS):
        by = (f"P{person}", f"p{person}@example.org")
        for number in range(contributions):
            parents = (history.head,) if history.head else ()
            history.commit(f"{person}-{number}", *parents, at=days(40), by=by)


def write(store):
    made = {name: TrackerRows(source=f"github.com/o/{name}#tracker") for name in PROJECTS}
    histories = {name: HistoryRows(source=f"github.com/o/{name}") for name in ("dora", "eight")}
    middleware_phases(made["ten"], PHASES)
    middleware_phases(made["some"], PHASES[:2])
    for name, seconds in RECOVERIES.items():
        middleware_incidents(made[name], seconds)
    gitlab_dora(made["dora"], histories["dora"])
    gitlab_issues(made["one"], (1,), (2,))
    for name, lead_times in LEAD_TIMES.items():
        gitlab_issues(made[name], lead_times, lead_times)
    chaoss_people(histories["eight"])
    for name, tracker in made.items():
        tracker.found(store, path=f"o/{name}", repository=f"github.com/o/{name}")
    for history in histories.values():
        history.found(store)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    folder = tmp_path_factory.mktemp("published")
    write(folder / "store")
    return built_file(folder, CONTEXT, NEEDED)


@pytest.mark.parametrize(("system", "project"), PUBLISHED, ids=map("-".join, PUBLISHED))
def test_a_preset_has_the_values_that_its_system_publishes(warehouse, system, project):
    found = {
        (row.kpi, row.quarter): (row.their_value, row.their_n)
        for row in compare(warehouse, ComparisonRequest(system, "2024", project)).rows
    }
    for kpi, quarter, value, number in PUBLISHED[system, project]:
        assert found[kpi, quarter] == (pytest.approx(value, abs=1e-6), number), kpi
