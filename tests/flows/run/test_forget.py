"""Forget a person: no name is left, and no figure changes."""

from __future__ import annotations

import json
import shutil
import zipfile

import duckdb
import polars as pl
import pytest

from flows.run.keeping import forget as forgetting
from tests.support.git.repositories import Repository
from tests.support.rows.sealed_homes import NEEDED
from tests.support.rows.some_models import BUILDERS, HEADLINE, copy_models, models_of
from tests.support.rows.trackers import FEB, MAR, TrackerRows
from tests.support.running.commands import call_quarry
from warehouse.seals import rewrite

HIDDEN = "7+quilly-canary@users.noreply.github.com"
# Byte strings that may be nowhere: two names, three addresses and a login.
CANARIES = (
    *("Canary Quillon", "Quillon, Canary", "Joan Canárie"),
    *("quillon@example.com", "q.canary@home.example", HIDDEN),
    "quilly-canary",
)
FIGURES = "select kpi, project, source, quarter, value, n from marts.kpi_quarterly order by all"


def quarry(folder, *arguments, day=0, **options):
    seconds = str(1_719_792_000 + 86_400 * day)
    return call_quarry(folder, *arguments, SOURCE_DATE_EPOCH=seconds, **options)


def signed(name, address):
    return f"{name} <{address}> 1709283600 +0000".encode()


ME = signed("Canary Quillon", "Quillon@Example.com")
ALIAS = signed("Joan Canárie", "q.canary@home.example")
OTHER = signed("Ben Other", "ben@example.com")


def commit(repository, text, name, author):
    repository.commit(text.encode(), {name: text.encode()}, author=author, committer=author)


@pytest.fixture(scope="module", autouse=True)
def _models(tmp_path_factory):
    """Build the KPIs of people, and what seals and the command read."""
    wanted = ("kpis.active_contributors", "kpis.commits", "facts.accounts", "facts.tags")
    facts = ("facts.issues", "facts.item_events", "facts.commit_trailers")
    folder = tmp_path_factory.mktemp("models") / "sql"
    with models_of(copy_models(folder, *HEADLINE, *NEEDED, *wanted, *facts), BUILDERS):
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory, _models):
    """A home with a sealed quarter, in which a person has names and addresses in many places."""
    folder = tmp_path_factory.mktemp("made")
    repository = Repository.make(folder / "repository")
    mailmap = "".join(
        f"Canary Quillon <quillon@example.com> <{address}>\n"
        for address in ("q.canary@home.example", HIDDEN)
    )
    commit(repository, "one\n\nReviewed-by: Canary Quillon <quillon@example.com>\n", "a", OTHER)
    commit(repository, "by Canary Quillon, not by Quillon, Canary", "b", ME)
    files = {".mailmap": mailmap.encode(), "c": b"c\n"}
    text = b"three\n\nCo-authored-by: Canary Quillon <quillon@example.com>\n"
    repository.commit(text, files, author=ALIAS, committer=OTHER)
    tagger = signed("Quillon, Canary", HIDDEN)
    repository.tag("v1", repository.text("rev-parse", "HEAD"), tagger=tagger)
    (folder / "quarry.toml").write_text('sources = [{location = "repository"}]\nhome = "data"\n')
    assert quarry(folder, "run")[0] == 0
    tracker().found(folder / "data/store")
    assert quarry(folder, "replay")[0] == 0
    for quarter in ("2024-Q1", "2024-Q2"):
        assert quarry(folder, "seal", quarter, "--incomplete")[0] == 0
    (folder / "data/reports").mkdir()
    (folder / "data/reports/2024.html").write_text("Canary Quillon")
    assert quarry(folder, "run", day=1)[0] == 0
    return folder


def tracker():
    made = TrackerRows()
    payload = json.dumps({"user": {"login": "quilly-canary", "name": "Joan Canárie"}})
    made.issue(
        1,
        ("closed", MAR, {"actor_login": "ben"}),
        title="Ask Canary Quillon or quillon@example.com",
        author_login="quilly-canary",
        author_id="7",
        assignees=["quilly-canary"],
        state="closed",
        closed_at=MAR,
        payload=payload,
    )
    made.comment(1, "ben", FEB)
    return made


@pytest.fixture
def home(made, tmp_path):
    folder = tmp_path / "home"
    shutil.copytree(made, folder, symlinks=True)
    # The source is an absolute path, which the copy has to keep.
    (folder / "quarry.toml").write_text(
        f'sources = [{{location = "{made / "repository"}"}}]\nhome = "data"\n'
    )
    return folder


def contents(path):
    yield path.read_bytes()
    if path.suffix == ".parquet":
        frame = pl.read_parquet(path)
        yield frame.with_columns(pl.col(pl.Binary).cast(pl.String)).write_csv().encode()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            yield from map(packed.read, packed.namelist())


def hits(home):
    """List what has a canary, apart from the copies of the repositories."""
    canaries = [canary.lower().encode() for canary in CANARIES]
    escaped = [canary.encode("unicode_escape") for canary in CANARIES]
    found = []
    for path in (home / "data").rglob("*"):
        if path.is_file() and "mirrors" not in path.parts:
            texts = [text.decode("utf-8", "ignore").lower().encode() for text in contents(path)]
            texts += [path.name.encode()]
            found += [path for text in texts if any(c in text for c in (*canaries, *escaped))]
    return found


def figures(home):
    with duckdb.connect(str(home / "data/quarry.duckdb"), read_only=True) as connection:
        return connection.execute(FIGURES).fetchall()


def forget(home, *arguments):
    code, said, complained = quarry(home, "forget", *arguments, "--yes", day=1)
    assert code == 0, complained
    return said


@pytest.mark.parametrize("name", ["quillon@example.com", "joan canárie"])
def test_no_byte_of_a_name_is_left_and_no_figure_changes(home, name):
    assert hits(home) != []
    before = figures(home)

    said = forget(home, name)

    assert hits(home) == []
    assert figures(home) == before
    assert "All figures are as before." in said
    assert "mirrors: copies of the repositories" in said
    assert "quarry.toml" not in said


def test_a_sealed_quarter_is_valid_and_restated_with_that_cause(home):
    forget(home, "quillon@example.com")

    code, said, _ = quarry(home, "seal", "--check", day=1)
    assert (code, "broken" in said) == (0, False)
    with duckdb.connect(str(home / "data/quarry.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            "select distinct cause, difference from marts.kpi_restatements where kpi = "
            "'active_contributors' and quarter = '2024-Q1'"
        ).fetchall()
    assert rows == [("forgotten", 0.0)]


def test_no_later_night_brings_the_person_back(home, made):
    forget(home, "quillon@example.com")
    repository = Repository(made / "repository", seconds=1_719_800_000)
    before = repository.text("rev-parse", "HEAD")
    commit(repository, "later by Canary Quillon", "d", ME)
    try:
        assert quarry(home, "run", day=2)[0] == 0
        shutil.rmtree(home / "data/mirrors")
        assert quarry(home, "run", "--full", day=3)[0] == 0
    finally:
        repository.git("update-ref", "refs/heads/main", before)

    assert hits(home) == []
    with duckdb.connect(str(home / "data/quarry.duckdb"), read_only=True) as connection:
        query = "select count(*), count(distinct person_name) from facts.people where person_name"
        assert connection.execute(f"{query} like 'Forgotten %'").fetchone() == (1, 1)


@pytest.mark.parametrize(
    ("module", "name", "call"),
    [
        (forgetting, "_clean_source", 2),
        (forgetting, "rewrite_seals", 1),
        (rewrite, "_write_next", 2),
        (rewrite, "_replace", 1),
        (rewrite, "_replace", 2),
        (rewrite, "_replace", 3),
        (forgetting, "_clean_runs", 1),
        (forgetting, "rebuild_locked", 1),
        (forgetting, "all_figures", 2),
    ],
)
def test_an_interrupted_forgetting_is_completed_by_the_same_command(
    home, monkeypatch, module, name, call
):
    original, calls = getattr(module, name), []

    def interrupted(*arguments):
        calls.append(1)
        if len(calls) == call:
            raise KeyboardInterrupt
        return original(*arguments)

    before = figures(home)
    with monkeypatch.context() as patch:
        patch.setattr(module, name, interrupted)
        assert quarry(home, "forget", "quillon@example.com", "--yes", day=1)[0] == 130

    forget(home, "quillon@example.com")
    assert hits(home) == []
    assert figures(home) == before
    assert quarry(home, "seal", "--check", day=1)[0] == 0


@pytest.mark.parametrize(
    ("person", "problem"),
    [("nobody@example.com", "nobody has this name"), ("", "nobody has this name")],
)
def test_nobody_is_forgotten_by_mistake(home, person, problem):
    code, _, complained = quarry(home, "forget", person, "--yes", day=1)

    assert code == 1
    assert problem in complained
    assert not (home / "data/store/forgotten.json").exists()


def test_the_command_asks_first(home):
    code, _, complained = quarry(home, "forget", "quillon@example.com", day=1, stdin="n\n")

    assert code == 1
    assert "cannot be undone" in complained
    assert hits(home) != []


def test_settings_that_name_the_person_are_named(home):
    (home / "people").write_text("Canary Quillon <quillon@example.com>\n")
    with (home / "quarry.toml").open("a") as settings:
        settings.write('[people]\nmailmap = "people"\n')

    assert f"{home / 'people'}: names this person. Edit it" in forget(home, "quillon@example.com")
