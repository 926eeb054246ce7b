"""Compare every mart of real and made projects with plain Python."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from flows.settings.people import ai_agents, bots
from flows.settings.workspace import tracker_kinds
from tests.support.expected.known_kpis import KNOWN_KPIS
from tests.support.expected.kpi_truth import read_world
from tests.support.expected.kpi_truth_figures import Figures
from tests.support.expected.kpi_truth_marts import issue_closures, merge_lead_times, velocity
from tests.support.expected.kpi_truth_row import quarter_of
from tests.support.expected.kpi_truth_tracker import Rules, second
from tests.support.expected.rule_sets import APART, EVERYTHING, FEW, MADE
from tests.support.fakes.replay import FIRST_DAY, Replay, mine
from tests.support.git.invented_trackers import write_dataset
from tests.support.git.made_projects import POLLED, WINDOW_HOURS, Made
from tests.support.git.repositories import DAY_ONE, MinedHome
from tests.support.running.mined_project import GIT_DAY, REPOSITORY, mined_git, mined_tracker
from warehouse.build.checks import run_checks
from warehouse.build.runner import build_models
from warehouse.context import Context, IdentityRule, Project
from warehouse.rules import rule
from warehouse.tables.batches import load_batches

SQL = Path(__file__).parents[2] / "sql"
# The last poll of the tracker is a day after that of Git.
LOOKS = tuple(DAY_ONE + timedelta(days=day) for day in (GIT_DAY, GIT_DAY + 1))
KINDS = [("ai_agent", p) for p in ai_agents()] + [("bot", p) for p in bots()]
QUARTERS = ("2015-Q2", "2023-Q1", "2026-Q1")
APPLES, PEARS = (f"https://replay.example/orchard/{name}" for name in ("apples", "pears"))
# The keys of a mart are not compared; nor is the quarter's name in each row.
KEYS = {"project", "source", "kpi", "quarter", "quarter_starts_on", "fiscal_year"}


@dataclass
class Case:
    """A store, what is known of each repository in it, and the projects: sources, rules, window."""

    store: Path
    worlds: dict
    projects: dict

    def context(self):
        projects = tuple(
            Project(
                name=name,
                title=name,
                sources=sources,
                rules=tuple(rule(*pair) for pair in rules),
                incident_window_hours=hours,
            )
            for name, (sources, rules, hours) in self.projects.items()
        )
        return Context(
            projects=projects,
            identity_rules=tuple(IdentityRule(*k) for k in KINDS),
            tracker_kinds=tracker_kinds(),
        )

    def parts(self):
        """What each project knows of each of its repositories."""
        return {
            (name, source): replace(self.worlds[source], rules=Rules(rules), window_hours=hours)
            for name, (sources, rules, hours) in self.projects.items()
            for source in sources
        }


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """A real project, whose one repository two projects own, which call different things so."""
    _, tracker, _, _ = mined_tracker(tmp_path_factory, "secp256k1")
    folder, git = mined_git(tmp_path_factory)
    store = tmp_path_factory.mktemp("secp256k1") / "store"
    for home in (tracker, git.path):
        shutil.copytree(home / "store", store, dirs_exist_ok=True)
    looks = [int(look.timestamp()) for look in LOOKS]
    projects = {
        "everything": ((REPOSITORY,), EVERYTHING, 90 * 24),
        "few": ((REPOSITORY,), FEW, 72),
    }
    return Case(store, {REPOSITORY: read_world(folder, KINDS, looks)}, projects)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two repositories with trackers, at exact instants; a project that excludes some, and one."""
    home, worlds = tmp_path_factory.mktemp("made"), {}
    for seed, source in enumerate((APPLES, PEARS)):
        name = source.rpartition("/")[2]
        worlds[source] = mined(home, name, source, seed)
    projects = {
        "apart": ((APPLES,), APART, WINDOW_HOURS),
        # Each owns one repository: what failed is also sought in a project's other repositories.
        "apples": ((APPLES,), MADE, WINDOW_HOURS),
        "pears": ((PEARS,), MADE, WINDOW_HOURS),
    }
    return Case(home / "store", worlds, projects)


def mined(home, name, source, seed):
    """Make a repository with its tracker, and mine both at the same exact instant."""
    folder = home / name
    project = Made.make(folder / "git", f"orchard/{name}", seed)
    write_dataset(folder, project.name, project.lines())
    polled = datetime.fromtimestamp(POLLED, UTC)
    day = (polled - DAY_ONE).days
    MinedHome(home).mine(folder / "git", day, id=source, name=name)
    with Replay(folder, date="clock", is_still=True) as replay:
        mine(replay.source(), home, (polled - FIRST_DAY).days)
    return read_world(folder, KINDS, (POLLED, POLLED))


@pytest.fixture(scope="module", params=["real", "made"])
def truth_and_marts(request):
    case = request.getfixturevalue(request.param)
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    load_batches(connection, case.store)
    build_models(connection, case.context())
    run_checks(connection)
    yield case.parts(), connection
    connection.close()


def test_every_figure_of_every_mart_is_that_of_the_dump_and_git(truth_and_marts):
    worlds, connection = truth_and_marts
    compared, differing = Counter(), []
    for mart, key, expected in _marts(worlds):
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


def test_the_three_quarters_have_merges_reopenings_and_force_pushes(real):
    (world,) = real.worlds.values()
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


def _definitions():
    """Read kind, unit, span and needs of each KPI from the header of its definition."""
    told = {}
    for path in (SQL / "kpis").rglob("*.sql"):
        facts = re.findall(
            r"^-- (kind|unit|span|needs): (\S+)", path.read_text("utf-8"), re.MULTILINE
        )
        told[path.stem] = {"span": "quarter"} | dict(facts)
    return {kpi: told[kpi] for kpi in KNOWN_KPIS}


def _marts(worlds):
    """Yield each mart: what names its rows, and the figures by that."""
    figures = Figures(worlds, _definitions())
    for mart, of in (
        ("velocity_quarterly", velocity),
        ("merge_lead_time_quarterly", merge_lead_times),
        ("issue_closure_quarterly", issue_closures),
    ):
        keyed = {
            (*part, quarter): row
            for part, world in worlds.items()
            for quarter, row in of(world).items()
        }
        yield mart, ("project", "source", "quarter"), keyed
    yield "kpi_quarterly", ("kpi", "project", "source", "quarter"), figures.quarterly()
    yield "kpi_yearly", ("kpi", "project", "source", "fiscal_year"), figures.yearly()


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
