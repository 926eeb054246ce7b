"""Test `quarry seal`: closing a quarter, restatements and damaged seals."""

from __future__ import annotations

import io
import json
import sys
from datetime import timedelta

import duckdb
import pytest

from flows.run.seal import seal
from miners.store import sha256_of
from tests.support.expected.known_kpis import title_of
from tests.support.rows import shop
from tests.support.rows.row_histories import instant
from tests.support.running.shop_home import nobody, plain

SEALED_AT = shop.FIRST_LOOK
NEXT_NIGHT = SEALED_AT + timedelta(days=1)


@pytest.fixture(scope="module")
def sealed(built, tmp_path_factory):
    """The home with its first quarter sealed."""
    own = built.copied(tmp_path_factory.mktemp("sealed") / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", str(int(SEALED_AT.timestamp())))
        seal(own.workspace, "2024-Q1", nobody())
    return own


@pytest.fixture(scope="module")
def later(sealed, tmp_path_factory):
    """The same after a look that found what came late."""
    own = sealed.copied(tmp_path_factory.mktemp("later") / "home")
    shop.second_look(own.store)
    own.publish()
    return own


@pytest.fixture
def in_home(quarry, monkeypatch):
    """Call quarry in one of the homes, at its time."""

    def call(home, *arguments, now=NEXT_NIGHT):
        monkeypatch.chdir(home.folder)
        code, said, complained = quarry(*arguments, now=now)
        return code, plain(said).replace(str(home.folder), "HERE"), complained

    return call


def folder(home):
    return home.workspace.seals / "2024-Q1"


def files(home):
    return {path.name: sha256_of(path) for path in folder(home).iterdir()}


def listed(restated, state):
    return f"""
  quarter   sealed                 figures   rows   restated since   state
RULED
  2024-Q1   2024-04-10 00:00 UTC       112    107   {restated:>14}   {state}

"""


REFUSED = {
    ("2024-Q2",): "2024-Q2 has not ended: its last day is 2024-06-30. Seal it after its end.",
    ("2023-Q4",): "2023-Q4 has no figures. `quarry kpi` lists the figures.",
    ("24-Q1",): "'24-Q1' is not a quarter of the calendar. Use one such as 2026-Q2.",
    ("2024-Q1", "--check"): "2024-Q1 is not sealed. Seal it with `quarry seal 2024-Q1`.",
}


@pytest.mark.parametrize("arguments", REFUSED, ids=" ".join)
def test_what_cannot_be_sealed_is_refused_with_the_reason(in_home, built, arguments):
    code, _, complained = in_home(built, "seal", *arguments)

    assert (code, complained.splitlines()[-1]) == (1, f"quarry: {REFUSED[arguments]}")
    assert not folder(built).exists()


def test_a_quarter_may_be_sealed_from_the_instant_of_its_end(in_home, built, tmp_path):
    home, ends_at = built.copied(tmp_path / "home"), instant("2024-03-31T15:00")
    second_before = ends_at - timedelta(seconds=1)
    code, _, complained = in_home(home, "seal", "2024-Q1", now=second_before)
    problem = "2024-Q1 has not ended: its last day is 2024-03-31. Seal it after its end."
    assert (code, complained.splitlines()[-1]) == (1, f"quarry: {problem}")

    assert in_home(home, "seal", "2024-Q1", now=ends_at)[0] == 0
    assert folder(home).exists()


def test_without_seals_it_says_how_to_make_one(in_home, built):
    said = "No quarter is sealed yet. Seal one with, for example, `quarry seal 2026-Q2`.\n"

    assert in_home(built, "seal") == (0, said, "")


def test_a_quarter_is_sealed_once_and_holds(in_home, built, tmp_path):
    home = built.copied(tmp_path / "home")
    code, said, _ = in_home(home, "seal", "2024q1", now=SEALED_AT)

    assert (code, said.splitlines()) == (
        0,
        [
            "2024-Q1 is sealed: 112 figures from 107 rows.",
            "Seal       HERE/home/seals/2024-Q1",
            "They never change again. Later changes are in marts.kpi_restatements.",
            "Is it wrong? Move that folder away and run `quarry run`.",
        ],
    )
    assert in_home(home, "seal") == (0, listed(0, "valid"), "")
    before = files(home)
    code, said, complained = in_home(home, "seal", "2024-Q1")
    assert code == 1
    assert complained.splitlines()[-1] == (
        "quarry: 2024-Q1 is sealed already. A quarter is sealed once; `quarry seal --check` shows "
        "what changed since."
    )
    assert files(home) == before


def test_a_dry_run_shows_what_would_be_sealed_and_changes_nothing(in_home, built, tmp_path):
    home = built.copied(tmp_path / "home")

    said = "2024-Q1 can be sealed: 112 figures from 107 rows, as published now.\n"
    assert in_home(home, "seal", "2024-Q1", "--dry-run", now=SEALED_AT) == (0, said, "")
    assert not folder(home).exists()
    assert in_home(home, "seal", "2024-Q2", "--dry-run", now=SEALED_AT)[0] == 1


@pytest.mark.parametrize(("answer", "code"), [("n\n", 1), ("y\n", 0), ("", 1)])
def test_on_a_terminal_it_asks_first(in_home, built, tmp_path, monkeypatch, answer, code):
    home = built.copied(tmp_path / "home")
    stdin = io.StringIO(answer)
    stdin.isatty = lambda: True
    monkeypatch.setattr(sys, "stdin", stdin)

    found, said, _ = in_home(home, "seal", "2024-Q1", now=SEALED_AT)

    assert found == code
    assert "2024-Q1 can be sealed: 112 figures" in said
    assert folder(home).exists() == (code == 0)


def test_a_seal_is_lifted_by_moving_its_folder_away(in_home, sealed, tmp_path):
    home = sealed.copied(tmp_path / "home")
    folder(home).rename(tmp_path / "lifted")

    assert in_home(home, "replay")[0] == 0
    assert in_home(home, "seal")[1].startswith("No quarter is sealed yet.")
    assert in_home(home, "seal", "2024-Q1", "--yes", now=SEALED_AT)[0] == 0


def test_a_sealed_quarter_stays_and_says_what_came_later(in_home, sealed, later):
    """The late commit changes no figure of the first quarter, and each that it would is marked."""
    assert files(later) == files(sealed)
    before, now = (
        in_home(home, "kpi", "--project", "shop")[1].splitlines() for home in (sealed, later)
    )

    assert before[2].split() == ["Q1", "Q2", "2024"]
    assert before[3].split()[1:] == ["sealed", "so", "far", "so", "far", "Target"]
    assert before[-1] == "sealed: these figures never change."
    of_commits = [table[5].split()[-3:] for table in (before, now)]
    assert of_commits == [["4", "1", "5"], ["4†", "1", "5"]]
    marked = [line[2:36].strip() for line in now if "†" in line]
    # Of the others that have the commit too, as many people and agents as before.
    assert marked[:-1] == [title_of(kpi) for kpi in ("commits", "lines_changed", "bot_share")]
    assert marked[-1].startswith("restated since it was sealed")
    assert in_home(later, "seal", "--check") == (0, listed(9, "valid"), "")


def test_explain_shows_what_was_sealed_and_what_it_would_be_now(in_home, later):
    code, said, _ = in_home(
        later, "explain", "lines_changed", "2024-Q1", "--project", "shop", "--no-sql", "--rows", 0
    )

    assert code == 0
    assert "\n143 (sealed): 4 counted, 1 excluded\n" in said
    assert "\nThe rows of 2024-Q1 are sealed and never change.\n" in said
    assert "\nRestated since: 183 with the data known now.\n" in said
    assert said.endswith("""
Recalculated from the rows
30 + 5 + 100 + 8 = 143
The published figure is the same: 143.

Restated since it was sealed

  quarter   cause   was    is   difference   came   went   changed
RULED
  2024-Q1   late    143   183          +40      1      0         0

""")


def test_what_was_not_polled_since_a_quarter_ended_is_named(in_home, later, tmp_path):
    """It is sealed all the same if that is asked for, and said to be incomplete."""
    home, summer = later.copied(tmp_path / "home"), shop.instant("2024-07-05")
    code, _, complained = in_home(home, "seal", "2024-Q2", now=summer)
    assert code == 1
    assert complained.splitlines()[-1] == (
        "quarry: 2024-Q2 is not complete: no poll since its end of github.com/o/lib, "
        "github.com/o/shop, the tracker of github.com/o/shop. Run `quarry run` first, or use "
        "--incomplete."
    )
    assert in_home(home, "seal", "2024-Q2", "--incomplete", now=summer)[0] == 0
    code, said, _ = in_home(home, "seal")
    assert code == 0
    assert said.splitlines()[4].split()[-4:] == ["0", "valid,", "sealed", "incomplete"]
    assert len(said.splitlines()) == 6


def broken(path):
    path.write_bytes(path.read_bytes()[:-1] + b"x")


def counterfeit(path):
    """Write another figure, and the file's new hash into the seal's own words."""
    with duckdb.connect() as connection:
        connection.execute(f"create table figures as from '{path}'")
        connection.execute(
            "update figures set counted_count = 9 "
            "where kpi = 'commits' and project = 'shop' and source != '*'"
        )
        connection.execute(f"copy figures to '{path}' (format parquet)")
    words = json.loads((path.parent / "seal.json").read_text())
    words["files"]["figures"]["sha256"] = sha256_of(path)
    (path.parent / "seal.json").write_text(json.dumps(words))


DAMAGE = {
    "changed": (broken, "figures.parquet was changed"),
    "missing": (lambda path: path.unlink(), "figures.parquet is missing"),
    "counterfeit": (
        counterfeit,
        "commits of shop in github.com/o/shop does not follow from its rows",
    ),
}


@pytest.mark.parametrize("how", DAMAGE)
def test_damage_is_found_and_named(in_home, sealed, tmp_path, how):
    home, (damage, problem) = sealed.copied(tmp_path / "home"), DAMAGE[how]
    damage(folder(home) / "figures.parquet")

    said = f"{listed(0, 'broken')}2024-Q1: {problem}. Restore its folder from a backup.\n"
    assert in_home(home, "seal", "--check") == (1, said, "")
    assert in_home(home, "seal", "2024-Q1", "--check")[0] == 1


def test_a_seal_of_a_newer_version_is_left_to_it(in_home, sealed, tmp_path):
    home = sealed.copied(tmp_path / "home")
    path = folder(home) / "seal.json"
    facts = json.loads(path.read_text())
    assert facts["format"] == 1
    path.write_text(json.dumps(facts | {"format": 2, "reason": "what it adds"}))

    code, said, _ = in_home(home, "seal", "--check")

    problem = "seal.json: a newer version of Quarry wrote it (format 2, not 1). Run that version"
    assert code == 1
    assert f"{problem}, or a later one." in said


def test_a_seal_that_cannot_be_read_hides_no_other(in_home, sealed, tmp_path):
    home = sealed.copied(tmp_path / "home")
    lost = folder(home).with_name("2023-Q4")
    lost.mkdir()
    (lost / "seal.json").write_text("{")

    code, said, _ = in_home(home, "seal", "--check")

    assert code == 1
    assert [line.split()[0] for line in said.splitlines()[3:5]] == ["2024-Q1", "2023-Q4"]
    assert said.splitlines()[4].split() == ["2023-Q4", "broken"]
    assert "seal.json cannot be read: it is empty or damaged. Restore" in said
