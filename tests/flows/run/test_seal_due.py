"""Test `[sealing] after_days`: quarters are sealed automatically and in order."""

from __future__ import annotations

import json

import duckdb
import pytest

from flows.pipeline import run
from flows.run.engines import LocalEngine
from flows.run.job import Job
from flows.run.seal import AutomaticSeals, audit_seals, seal, seal_due
from miners.store import sha256_of
from tests.support.git.repositories import Repository
from tests.support.rows.row_histories import ANN, BOB, HistoryRows, instant
from tests.support.running.shop_home import make_home, nobody
from warehouse.errors import CheckFailed, SealRefused

SOURCE = "github.com/o/shop"
SETTINGS = """
home = "home"
[sealing]
after_days = 10
[[projects]]
name = "shop"
sources = ["https://github.com/o/shop"]
"""


def look(day, head, *commits):
    """Look at the repository on a day: commits that are new, each (name, parent, day, author)."""
    made = HistoryRows(source=SOURCE, looked_at=instant(day))
    for name, parent, at, who in commits:
        made.commit(name, *filter(None, [parent]), at=at, by=who, files=[("a", 1, 0)])
    location = f"https://{SOURCE}"
    made.add("repositories", SOURCE, location, "sha1", "refs/heads/main", head, False, None)
    made.reach("default_branch", *made.parents)
    made.reach("any_ref", *made.parents)
    return made.write


@pytest.fixture(scope="module")
def home(tmp_path_factory, one_kpi):
    """A repository that was begun in the first quarter, seen four days after that was over."""
    first = look("2024-04-05", "c1", ("c1", None, "2024-01-10", ANN))
    return make_home(tmp_path_factory.mktemp("closing"), first, settings=SETTINGS)


@pytest.fixture
def close_on(home, monkeypatch):
    """Let a night come on a day: what closed, and the words of it."""

    def call(day):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(instant(day).timestamp())))
        closed = seal_due(home.workspace, nobody())
        return [one.seal.quarter for one in closed.sealed], closed.notes

    return call


def ask(home, query):
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_quarters_close_in_order_once_all_was_seen(home, close_on):
    """One story: each night follows on the one before."""
    assert close_on("2024-04-10T23:59:59") == ([], ())
    assert not home.workspace.seals.exists()
    assert close_on("2024-04-11") == (
        ["2024-Q1"],
        ("2024-Q1 was sealed automatically.",),
    )
    assert close_on("2024-04-12") == ([], ())

    look("2024-06-20", "c2", ("c2", "c1", "2024-05-10", BOB))(home.store)
    home.publish()
    said = f"2024-Q2 is not complete: no poll since its end of {SOURCE}."
    assert close_on("2024-07-11") == ([], (said,))
    # The third quarter is over as well, but nothing is known of it yet.
    assert close_on("2024-10-20") == ([], (said,))

    look("2024-10-19", "c3", ("c3", "c2", "2024-08-10", BOB))(home.store)
    home.publish()
    assert close_on("2024-10-20")[0] == ["2024-Q2", "2024-Q3"]
    words = [
        json.loads((home.workspace.seals / quarter / "seal.json").read_text())
        for quarter in ("2024-Q1", "2024-Q2", "2024-Q3")
    ]
    assert [one["previous"].get("quarter") for one in words] == [None, "2024-Q1", "2024-Q2"]
    assert [one["is_complete"] for one in words] == [True] * 3

    look("2024-11-01", "late", ("late", "c3", "2024-03-10", ANN))(home.store)
    home.publish()
    assert ask(
        home,
        "select quarter, cause, was_value, is_value from marts.kpi_restatements "
        "where kpi = 'commits' and project = 'shop' and source = '*'",
    ) == [("2024-Q1", "late", 1, 2)]
    assert [(one.quarter, one.problems) for one in audit_seals(home.workspace)] == [
        *(("2024-Q1", ()), ("2024-Q2", ()), ("2024-Q3", ())),
    ]
    assert close_on("2024-11-02") == ([], ())


def test_nothing_is_sealed_if_a_check_would_fail_with_the_seal(tmp_path, monkeypatch):
    first = look("2024-04-05", "c1", ("c1", None, "2024-01-10", ANN))
    home = make_home(tmp_path, first, settings=SETTINGS)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(instant("2024-04-12").timestamp())))

    def fail_with_seals(connection, build):
        del build
        if connection.execute("from sealed.seals").fetchall():
            raise CheckFailed("kpi_quarters_add_up", "They add up.", 1, ["kpi"], [["commits"]])

    monkeypatch.setattr("flows.run.publish.run_checks", fail_with_seals)
    published = sha256_of(home.warehouse)
    said = "2024-Q1 was not sealed: with its seal check kpi_quarters_add_up would fail"
    assert seal_due(home.workspace, nobody()) == AutomaticSeals((), said)
    with pytest.raises(SealRefused, match=said):
        seal(home.workspace, "2024-Q1", nobody())

    assert list(home.workspace.seals.iterdir()) == []
    assert sha256_of(home.warehouse) == published


def test_without_the_setting_nothing_closes(built, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(instant("2025-01-01").timestamp())))

    assert seal_due(built.workspace, nobody()) == AutomaticSeals()


def test_a_run_closes_what_is_due_and_says_so(tmp_path, monkeypatch, one_kpi):
    """Also the first one: the quarter that ended last, and none before it."""
    made = Repository.make(tmp_path / "shop")
    made.seconds = int(instant("2023-11-10").timestamp())
    made.commit(b"one", {"a": b"1\n"})
    home = make_home(tmp_path, settings=SETTINGS.replace("https://github.com/o/shop", "shop"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(instant("2024-06-01").timestamp())))
    ended = run(Job(home.workspace), LocalEngine(1), nobody())

    assert (ended.state, ended.problem) == ("completed", None)
    assert ended.notes == ("2024-Q1 was sealed automatically.",)
    assert [path.name for path in home.workspace.seals.iterdir()] == ["2024-Q1"]
    assert ask(
        home,
        "select quarter, is_sealed from marts.kpi_quarterly "
        "where kpi = 'commits' and project = 'shop' and source = '*' order by 1",
    ) == [("2023-Q4", False), ("2024-Q1", True), ("2024-Q2", False)]
