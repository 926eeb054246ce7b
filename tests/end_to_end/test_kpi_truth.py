"""Compare every mart of a real project with plain Python."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from flows.settings.people import ai_agents, bots
from flows.settings.workspace import tracker_kinds
from tests.support.expected.known_kpis import KNOWN_KPIS
from tests.support.expected.kpi_truth import Figures, read_world
from tests.support.expected.kpi_truth_marts import issue_closures, merge_lead_times, velocity
from tests.support.expected.kpi_truth_row import quarter_of
from tests.support.expected.kpi_truth_tracker import Rules, second
from tests.support.git.repositories import DAY_ONE
from tests.support.running.mined_project import GIT_DAY, REPOSITORY, mined_git, mined_tracker
from warehouse.build.checks import run_checks
from warehouse.build.runner import build_models
from warehouse.context import Context, IdentityRule, Project
from warehouse.rules import rule
from warehouse.tables.batches import load_batches

SQL = Path(__file__).parents[2] / "sql"
# The tracker is looked at for the last time a day after Git is.
LOOKS = tuple(DAY_ONE + timedelta(days=day) for day in (GIT_DAY, GIT_DAY + 1))
KINDS = [("ai_agent", p) for p in ai_agents()] + [("bot", p) for p in bots()]
QUARTERS = ("2015-Q2", "2023-Q1", "2026-Q1")
DEPLOYMENTS = (("deployments", "tag"), ("deployment_tags", "v*"))
EVERYTHING = (
    *DEPLOYMENTS,
    ("incident_labels", "bug"),
    ("incident_titles", r"\b(fail(s|ure|ed)?|crash|broken|segfault)\b"),
    ("hotfix_labels", "bug"),
    ("hotfix_titles", r"\bfix(es)? .*(build|overflow|leak)"),
    ("hotfix_branches", "*hotfix*"),
    ("started_labels", "assurance"),
    ("started_labels", "next-*"),
    ("test_labels", "ci"),
    ("test_titles", r"\btests?\b"),
    ("left_out_labels", "invalid"),
    ("left_out_authors", "bot"),
    ("left_out_authors", "ai_agent"),
)
# Incidents that all came to an end, so that there are times without one until the last look.
FEW = (
    *DEPLOYMENTS,
    ("incident_titles", r"\b(fails?|crash)\b"),
    ("started_labels", "*"),
    ("left_out_labels", "*refactor"),
)
PROJECTS = {"everything": (EVERYTHING, 90 * 24), "few": (FEW, 72)}
# The keys of a mart are not compared; nor is what stands in each row for the quarter's name.
KEYS = {"project", "source", "kpi", "quarter", "quarter_starts_on", "fiscal_year"}


@pytest.fixture(scope="module")
def mined(tmp_path_factory):
    """Bring together the tracker and the Git history that were mined for all tests."""
    _, tracker, _, _ = mined_tracker(tmp_path_factory, "secp256k1")
    folder, git = mined_git(tmp_path_factory)
    both = tmp_path_factory.mktemp("secp256k1") / "store"
    for home in (tracker, git.path):
        shutil.copytree(home / "store", both, dirs_exist_ok=True)
    seconds = [int(look.timestamp()) for look in LOOKS]
    return both, read_world(folder, KINDS, seconds)


@pytest.fixture(scope="module", params=PROJECTS)
def truth_and_marts(request, mined):
    rules, window_hours = PROJECTS[request.param]
    store, world = mined
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    load_batches(connection, store)
    build_models(connection, _context(rules, window_hours))
    run_checks(connection)
    yield replace(world, rules=Rules(rules), window_hours=window_hours), connection
    connection.close()


def test_every_figure_of_every_mart_is_as_the_dump_and_git_alone_tell(truth_and_marts):
    world, connection = truth_and_marts
    compared, differing = Counter(), []
    for mart, key, expected in _marts(world):
        found = _rows(connection, mart)
        assert {tuple(row[k] for k in key) for row in found} == expected.keys()
        for row in found:
            place = tuple(row[k] for k in key)
            wanted = expected[place]
            figures = {name: value for name, value in row.items() if name not in KEYS}
            assert figures.keys() <= wanted.keys()
            compared[mart] += len(figures)
            compared[f"{mart} of the three quarters"] += len(figures) * _is_of_the_three(row)
            differing += [
                (mart, place, name, wanted[name], value)
                for name, value in figures.items()
                if not _is_same(wanted[name], value)
            ]
    print(*(f"{mart}: {count} figures" for mart, count in compared.items()), sep="\n")
    assert differing == []


def test_the_three_quarters_have_merges_reopenings_and_force_pushes(mined):
    _, world = mined
    happened = Counter()
    for request in world.requests.values():
        happened[_label(request.merged), "merged"] += 1
        for event in request.item.events:
            happened[_label(second(event["created_at"])), event["event"]] += 1
    for issue in world.issues.values():
        for state in issue.states:
            happened[_label(state.begins), state.turn] += 1
    kinds = ("merged", "reopened", "head_ref_force_pushed")
    assert all(happened[quarter, kind] for quarter in QUARTERS for kind in kinds)


def _context(rules, window_hours):
    own = tuple(rule(name, pattern) for name, pattern in rules)
    project = Project(
        name="secp",
        title="secp",
        sources=(REPOSITORY,),
        rules=own,
        incident_window_hours=window_hours,
    )
    return Context(
        projects=(project,),
        identity_rules=tuple(IdentityRule(*k) for k in KINDS),
        tracker_kinds=tracker_kinds(),
    )


def _definitions():
    """Read kind, unit, span and needs of each KPI from the header of its definition."""
    told = {}
    for path in (SQL / "kpis").rglob("*.sql"):
        facts = re.findall(
            r"^-- (kind|unit|span|needs): (\S+)", path.read_text("utf-8"), re.MULTILINE
        )
        told[path.stem] = {"span": "quarter"} | dict(facts)
    return {kpi: told[kpi] for kpi in KNOWN_KPIS}


def _marts(world):
    """Yield each mart: what names its rows, and the figures by that."""
    figures = Figures(world, _definitions())
    for mart, rows in (
        ("velocity_quarterly", velocity(world)),
        ("merge_lead_time_quarterly", merge_lead_times(world)),
        ("issue_closure_quarterly", issue_closures(world)),
    ):
        yield (
            mart,
            ("project", "source", "quarter"),
            {("secp", REPOSITORY, q): f for q, f in rows.items()},
        )
    scopes = (("*", "*"), ("secp", "*"), ("secp", REPOSITORY))
    for mart, period, rows in (
        ("kpi_quarterly", "quarter", figures.quarterly()),
        ("kpi_yearly", "fiscal_year", figures.yearly()),
    ):
        keyed = {(kpi, *scope, when): f for (kpi, when), f in rows.items() for scope in scopes}
        yield mart, ("kpi", "project", "source", period), keyed


def _rows(connection, mart):
    cursor = connection.execute(f"from marts.{mart}")
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [row for row in rows if "kpi" not in row or row["kpi"] in KNOWN_KPIS]


def _is_same(wanted, found):
    if wanted is None or found is None or isinstance(found, bool | str):
        return wanted == found
    return abs(float(wanted) - found) <= 1e-9 * max(1, abs(found))


def _is_of_the_three(row):
    years = {int(quarter[:4]) for quarter in QUARTERS}
    return row["quarter"] in QUARTERS if "quarter" in row else row["fiscal_year"] in years


def _label(seconds):
    return quarter_of(seconds).label if seconds is not None else None
