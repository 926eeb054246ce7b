"""Test every row of KPIs of delivery in scenarios of teams."""

from __future__ import annotations

import os
from collections import defaultdict
from datetime import datetime

import pytest

from tests.support.expected.kpi_truth_dora import Dora
from tests.support.rows.row_histories import builder
from tests.warehouse.kpis.delivery.scenarios.inventing import invented
from tests.warehouse.kpis.delivery.scenarios.reading import instant_text, scenarios
from tests.warehouse.kpis.delivery.scenarios.writing import (
    POLLED_AT,
    settings,
    sha,
    write_all,
)

KPIS = {
    "frequency": "deployment_frequency",
    "lead": "change_lead_time",
    "fail": "change_fail_rate",
    "rework": "deployment_rework_rate",
    "recovery": "failed_deployment_recovery_time",
}
PHASES = {
    "lead": "lead_time",
    "coding": "coding_time",
    "pickup": "pickup_time",
    "review": "review_time",
    "merge": "merge_time",
    "response": "change_request_response_time",
}
ALL = scenarios()
# More of them: QUARRY_TEST_SCENARIOS=500.
INVENTED = [invented(seed) for seed in range(int(os.environ.get("QUARRY_TEST_SCENARIOS", "12")))]
HOUR = 3600
build = builder(*(f"kpis.{kpi}" for kpi in {*KPIS.values(), *PHASES.values()}))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    store = tmp_path_factory.mktemp("scenarios")
    write_all(ALL + INVENTED, store)
    with build(store, settings(ALL + INVENTED)) as connection:
        yield {kpi: _rows(connection, kpi) for kpi in [*KPIS.values(), *PHASES.values()]}


def _rows(connection, kpi):
    """List the rows of a KPI by project: subject, reason, value, whether it is so, grade, other."""
    columns = {name for name, *_ in connection.execute(f"describe kpis.{kpi}").fetchall()}
    value, numerator, grade, related = (
        name if name in columns else "null"
        for name in ("value", "numerator", "grade", "related_id")
    )
    found = defaultdict(list)
    for project, *row in connection.execute(
        f"select project, subject_id, reason, {value}, {numerator}, {grade}, {related} "
        f"from kpis.{kpi} order by all"
    ).fetchall():
        found[project].append(row)
    return found


def _name(scenario, subject):
    """Name a subject as the scenario does."""
    commits = {sha(scenario, item.name): item.name for item in scenario.items("commit")}
    last = subject.rpartition("/")[2].rpartition("#")[2]
    name = commits.get(last, last)
    return f"tag/{name}" if "/tags/" in subject else name


def _found(scenario, built):
    """List what each KPI has, in the words of a scenario."""
    found = {kind: {} for kind in KPIS}
    for kind, kpi in KPIS.items():
        for subject, *row in built[kpi][scenario.slug]:
            words = _words(scenario, kind, *row)
            if words is not None:
                found[kind][_name(scenario, subject)] = words
    return found


def _words(scenario, kind, reason, value, numerator, grade, related):
    if kind == "frequency":
        return () if reason == "counted" else (reason,)
    if kind in {"fail", "rework"}:
        return (grade,) if numerator else None
    amount = _amount(reason, value)
    grades = (grade.replace(", ", ","),) if grade else ()
    return (amount, *grades, *((_name(scenario, related),) if related else ()))


def _phases(scenario, built):
    found = defaultdict(dict)
    for phase, kpi in PHASES.items():
        for subject, reason, value, *_ in built[kpi][scenario.slug]:
            found[_name(scenario, subject)][phase] = _amount(reason, value)
    return found


def _amount(reason, value):
    return f"{value / HOUR:g}h" if reason == "counted" else reason


def _expected(scenario):
    return {kind: {i.name: i.words[1:] for i in scenario.items(kind)} for kind in KPIS}


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.slug)
def test_every_row_is_the_one_of_the_scenario(scenario, built):
    expected = _expected(scenario)
    assert _found(scenario, built) == expected
    counted = {name for name, words in expected["frequency"].items() if not words}
    for kind in ("fail", "rework"):
        rows = built[KPIS[kind]][scenario.slug]
        assert {_name(scenario, subject) for subject, *_ in rows} == counted
    if scenario.file == "requests":
        assert _phases(scenario, built) == {i.name: i.facts for i in scenario.items("phases")}


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.slug)
def test_plain_python_finds_the_same_rows(scenario):
    assert _calculated(scenario) == _expected(scenario)


@pytest.mark.parametrize("scenario", INVENTED, ids=lambda scenario: scenario.slug)
def test_plain_python_finds_the_rows_of_what_nobody_wrote_down(scenario, built):
    assert _calculated(scenario) == _found(scenario, built)


def _calculated(scenario):
    return Dora(scenario, _instant, datetime.fromisoformat(POLLED_AT)).rows()


def _instant(text):
    return datetime.fromisoformat(instant_text(text))
