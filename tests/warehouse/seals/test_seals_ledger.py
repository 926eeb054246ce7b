"""Test restatements of sealed quarters by later ledger rows."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import duckdb
import pytest

from miners.store import sha256_of
from tests.support.rows.deliveries import release
from tests.support.rows.kept_ledgers import SEOUL, changed, kept
from tests.support.rows.ledgers import Ledger
from tests.support.rows.row_histories import instant
from tests.support.rows.sealed_homes import QUARTER, SealedHome
from tests.support.rows.trackers import REPOSITORY, TrackerRows
from warehouse.context import Project
from warehouse.rules import rule

RULES = (rule("deployments", "release"), rule("deployments", "ledger"))
SETTINGS = replace(
    SEOUL, projects=(Project(name="app", title="App", sources=(REPOSITORY,), rules=RULES),)
)
DEPLOYMENTS = """
    deployment,project,deployed_on
    D-1,app,2024-01-11
    D-2,else,2024-01-11
"""
KPIS = ("deployment_frequency", "project_lead_time", "uptime_streak")
# They took 10, 20 and 30 days.
TASKS = """
    task,project,started_on,completed_on
    T-1,app,2024-01-01,2024-01-11
    T-2,app,2024-01-01,2024-01-21
    T-3,app,2024-01-01,2024-01-31
"""


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    path = tmp_path_factory.mktemp("sealed")
    tracker = TrackerRows(looked_at=instant("2024-04-10"))
    release(tracker, "v1", "2024-01-20T00:00")
    tracker.found(path / "store")
    kept(path, tasks=TASKS, deployments=DEPLOYMENTS)
    home = SealedHome(path, kpis=KPIS)
    home.build(SETTINGS)
    home.seal(SETTINGS)
    return path


@pytest.fixture
def home(once, tmp_path):
    return SealedHome(shutil.copytree(once, tmp_path / "home"), kpis=KPIS)


@pytest.fixture
def ledger(home):
    """The ledger that was mined once before."""
    return Ledger(home.store.parent, minings=1)


def shown(home, kpi):
    return [
        tuple(row.values())
        for row in home.ask(
            "select project, value, value_now, is_restated from marts.kpi_quarterly "
            f"where kpi = '{kpi}' and source = '*' and quarter = '{QUARTER}' order by project"
        )
    ]


def test_what_a_ledger_adds_later_restates_a_sealed_quarter(home, ledger):
    before = home.sealed_bytes()
    tasks = """
        task,project,started_on,completed_on
        T-2,app,2024-01-01,2024-01-26
        T-3,app,2024-01-01,2024-01-31
        T-4,app,2024-01-01,2024-02-10
    """
    incidents = (
        "incident,project,started_at,recovered_at\nI-1,app,2024-01-21 00:00,2024-01-31 00:00"
    )
    changed(ledger, tasks=tasks, incidents=incidents)
    kept(ledger.home, "second", deployments="deployment,project,deployed_on\nD-1,app,2024-02-11")
    home.build(SETTINGS)

    assert home.sealed_bytes() == before
    assert home.restated("project_lead_time", "deployment_frequency") == [
        # Of a ledger that nobody knew when the quarter was sealed.
        ("deployment_frequency", "late", 2.0, 3.0, 1.0, 1, 0, 0),
        # 40 days came, 10 went, and 20 became 25.
        ("project_lead_time", "late", 20.0, 25.0, 5.0, 1, 0, 0),
        ("project_lead_time", "deleted", 25.0, 30.0, 5.0, 0, 1, 0),
        ("project_lead_time", "corrected", 30.0, 31.666667, 1.666667, 0, 0, 1),
    ]
    assert shown(home, "project_lead_time") == [
        ("*", 20.0, pytest.approx(95 / 3, abs=1e-6), True),
        ("app", 20.0, pytest.approx(95 / 3, abs=1e-6), True),
    ]
    # Both projects have an interval since the same day in January; only that of one ended early.
    assert shown(home, "uptime_streak") == [
        ("*", 81.0, 81.0, False),
        ("app", 81.0, 61.0, True),
        ("else", 81.0, 81.0, False),
    ]


def test_what_was_away_for_a_while_was_corrected_and_not_deleted(home, ledger):
    changed(ledger, tasks=TASKS.replace("T-1,app,2024-01-01,2024-01-11", ""))
    changed(ledger, tasks=TASKS.replace("2024-01-11", "2024-01-14"))
    home.build(SETTINGS)

    assert home.restated("project_lead_time") == [
        ("project_lead_time", "corrected", 20.0, 21.0, 1.0, 0, 0, 1)
    ]


def test_a_seal_from_before_teams_reported_otherwise_still_loads(home):
    folder = home.seals / QUARTER
    path, seal = folder / "evidence.parquet", json.loads((folder / "seal.json").read_text())
    with duckdb.connect() as connection:
        connection.execute(
            f"create table rows as select * exclude "
            f"(reported_quarter, reported_reason, reported_value) from '{path}'"
        )
        connection.execute(f"copy rows to '{path}'")
    seal["files"]["evidence"]["sha256"] = sha256_of(path)
    (folder / "seal.json").write_text(json.dumps(seal))
    before = home.sealed_bytes()
    home.build(SETTINGS)

    assert home.sealed_bytes() == before
    assert home.restated("project_lead_time", "deployment_frequency", "uptime_streak") == []
    assert shown(home, "deployment_frequency") == [
        ("*", 3.0, 3.0, False),
        ("app", 2.0, 2.0, False),
        ("else", 1.0, 1.0, False),
    ]
