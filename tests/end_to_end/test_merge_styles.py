"""Test lead times of change requests merged in every style."""

from __future__ import annotations

from itertools import product
from statistics import median
from typing import NamedTuple

import duckdb
import pytest

from tests.support.fakes.fake_github import fake_github
from tests.support.git.merge_styles import FUTURE, OPENED, REWRITES, REWRITTEN_LATE, STYLES, Orchard
from tests.support.git.repositories import Repository
from tests.support.running.tracker_homes import TrackerHome
from warehouse.build.runner import build_models
from warehouse.context import Context
from warehouse.rules import rule
from warehouse.tables.batches import load_batches

# The one true value; a range that holds it, counted from its earlier end; no value, but excluded
# with a reason; nothing at all that names a change request.
EXACT, RANGE, UNKNOWN, UNSEEN = "exact", "range", "unknown", "unseen"
# The commit that replaced all others is the only one that there is.
REDONE = "redone"

# What is said of each style by way of its rewriting:
#                  never, before it was opened, after it; and where nothing of it is left
WITH_TRACKER = {
    "merge": (EXACT, EXACT, RANGE, UNKNOWN),
    "squash": (EXACT, EXACT, RANGE, UNKNOWN),
    "rebase": (EXACT, EXACT, RANGE, UNKNOWN),
    "fast-forward": (EXACT, EXACT, RANGE, UNKNOWN),
}
WITHOUT_TRACKER = {
    "merge": (EXACT, EXACT, EXACT, REDONE),
    "squash": (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    "rebase": (UNSEEN, UNSEEN, UNSEEN, UNSEEN),
    "fast-forward": (UNSEEN, UNSEEN, UNSEEN, UNSEEN),
}
GRADES = {EXACT: "head_commits", RANGE: "rewritten_after_open", UNKNOWN: "unknown"}

DEPLOYED_TAGS = Context(rules=(rule("deployments", "tag"), rule("deployment_tags", "v*")))
BUILT = ("figures.kpi_evidence", "facts.change_requests", "marts.kpi_quarterly")
SOURCE = "github.example/ada/orchard"
ROWS = """
    select subject_id, reason, if(reason = 'counted', value, null) as value, grade
    from figures.kpi_evidence where kpi = $1 order by subject_id
"""
STARTS = """
    select
        change_request_number, epoch(work_started_at_earliest)::bigint,
        epoch(work_started_at_latest)::bigint
    from facts.change_requests order by 1
"""
FIGURES = """
    select value, n, left_out_count, coverage_ratio
    from marts.kpi_quarterly where kpi = $1 and source = $2 and quarter = '2024-Q1'
"""


class StyledProject(NamedTuple):
    """The truth of the tables and of what stands apart, and what was made of both."""

    orchard: Orchard
    styled: list
    apart: dict
    connection: duckdb.DuckDBPyConnection
    git_alone: duckdb.DuckDBPyConnection


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("styles")
    home, alone = TrackerHome(folder / "home"), TrackerHome(folder / "alone")
    with fake_github() as fake:
        orchard = Orchard(Repository.make(folder / "orchard"), fake.repository())

        def look(day):
            home.mine(orchard.repository.path, day, id=SOURCE, name="orchard")
            home.track(fake, run=day)

        styled = [orchard.land(*how) for how in product(STYLES, REWRITES)]
        apart = {
            "future": orchard.land("merge", clock=FUTURE),
            "unnamed": orchard.land("squash", is_named=False),
            "unnamed, redone": orchard.land("squash", "redone_after_open", is_named=False),
            "seen": orchard.land("rebase", "redone_after_open", look=lambda: look(0)),
        }
        look(1)
    alone.mine(orchard.repository.path, 1, id=SOURCE, name="orchard")
    with built(home) as connection, built(alone) as git_alone:
        yield StyledProject(orchard, styled, apart, connection, git_alone)


def built(home):
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    load_batches(connection, home.path / "store")
    build_models(connection, DEPLOYED_TAGS, only=BUILT)
    return connection


def rows(connection, kpi):
    """Read what a KPI considered: (reason, seconds if it counts, grade) by subject."""
    found = connection.execute(ROWS, [kpi]).fetchall()
    assert len(found) == len({subject for subject, *_ in found})
    return {subject: tuple(rest) for subject, *rest in found}


def outcome(table, request):
    return table[request.style][REWRITES.index(request.rewrite)]


def expected(outcome, seconds):
    if outcome == UNKNOWN:
        return ("unknown_start", None, GRADES[outcome])
    return ("counted", seconds, GRADES[outcome])


def test_the_lead_time_is_the_true_one_or_said_to_be_unknown(world):
    found = rows(world.connection, "lead_time")
    truth = {
        request.subject_id: expected(outcome(WITH_TRACKER, request), request.merged - request.began)
        for request in world.styled
    }

    assert {subject: found[subject] for subject in truth} == truth


def test_the_start_of_work_holds_the_truth(world):
    """A range is from the first trace to the opening; of no trace only its end is known."""
    found = {number: bounds for number, *bounds in world.connection.execute(STARTS).fetchall()}

    for request in world.styled:
        opened = request.at(OPENED)
        bounds = {
            EXACT: [request.began, request.began],
            RANGE: [request.began, opened],
            UNKNOWN: [None, opened],
        }
        assert found[request.number] == bounds[outcome(WITH_TRACKER, request)], request


def test_a_clock_in_the_future_is_no_start(world):
    request = world.apart["future"]
    ((commit, _),) = request.left

    assert rows(world.connection, "lead_time")[request.subject_id] == (
        *("unknown_start", None, "unknown"),
    )
    assert rows(world.git_alone, "lead_time")[request.merge_commit][:2] == ("unknown_start", None)
    for connection in world[3:]:
        assert rows(connection, "change_lead_time")[commit][:2] == ("started_after_end", None)


def test_a_squash_that_names_nothing_is_known_by_the_tracker_alone(world):
    """To Git alone it is a commit like any other: written when it was committed."""
    request = world.apart["unnamed"]
    ((commit, began),) = request.left

    assert rows(world.connection, "lead_time")[request.subject_id] == (
        *("counted", request.merged - began, "head_commits"),
    )
    assert commit not in rows(world.git_alone, "lead_time")
    times = [rows(connection, "change_lead_time")[commit][:2] for connection in world[3:]]
    assert times == [
        ("counted", request.deployed - began),
        ("counted", request.deployed - request.merged),
    ]


def test_a_squash_whose_start_is_lost_was_not_written_when_it_was_committed(world):
    ((commit, _),) = world.apart["unnamed, redone"].left

    assert rows(world.connection, "change_lead_time")[commit][:2] == ("unknown_start", None)


def test_what_was_mined_before_it_was_redone_is_a_trace(world):
    """No commit of today is as old as the opening; those that were seen before are."""
    request = world.apart["seen"]

    assert rows(world.connection, "lead_time")[request.subject_id] == (
        *("counted", request.merged - request.began, "rewritten_after_open"),
    )


def test_the_quarter_is_that_of_the_known_lead_times(world):
    found = world.connection.execute(FIGURES, ["lead_time", SOURCE]).fetchone()
    known = [
        request.merged - request.began
        for request in world.orchard.landed
        if rows(world.connection, "lead_time")[request.subject_id][0] == "counted"
    ]

    assert found == (round(median(known) / 3600, 6), 14, 6, 14 / 20)


def test_without_a_tracker_merges_are_exact_and_squashes_unknown(world):
    truth = {}
    for request in world.styled:
        ended, told = request.merged, outcome(WITHOUT_TRACKER, request)
        if told in {EXACT, REDONE}:
            began = request.began if told == EXACT else request.at(REWRITTEN_LATE)
            truth[request.merge_commit] = ("counted", ended - began, None)
        elif told == UNKNOWN:
            truth[request.left[0][0]] = ("unknown_start", None, None)
    truth[world.apart["future"].merge_commit] = ("unknown_start", None, None)

    assert rows(world.git_alone, "lead_time") == truth


def changes(world, table):
    """Say of every commit of the main branch how long it took until it was deployed."""
    orchard = world.orchard
    truth = {orchard.root: ("before_first_deployment", None)}
    for commit, (authored, number) in orchard.others.items():
        truth[commit] = ("counted", orchard.landed[number - 1].deployed - authored)
    for request in world.styled:
        told = outcome(table, request)
        is_lost = request.style == "squash" and told == UNKNOWN
        for commit, began in request.left:
            seconds = request.deployed - began
            truth[commit] = ("unknown_start", None) if is_lost else ("counted", seconds)
        if request.merge_commit:
            truth[request.merge_commit] = ("merge", None)
    return truth


@pytest.mark.parametrize(
    ("table", "place"), [(WITH_TRACKER, 3), (WITHOUT_TRACKER, 4)], ids=["tracker", "git alone"]
)
def test_every_commit_takes_its_time_until_it_is_deployed(world, table, place):
    """By ancestry: each with the first tag that reaches it; a squash since its first commit."""
    found = rows(world[place], "change_lead_time")
    truth = changes(world, table)
    apart = [commit for request in world.apart.values() for commit, _ in request.left]

    assert {commit: found[commit][:2] for commit in truth} == truth
    assert found.keys() - truth.keys() == {*apart, world.apart["future"].merge_commit}
