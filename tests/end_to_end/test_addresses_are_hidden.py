"""E-mail addresses: none in exports and reports, wherever the sources have one."""

from __future__ import annotations

import zipfile

import duckdb
import polars as pl
import pytest

from tests.support.git.repositories import Repository
from tests.support.rows.trackers import FEB, MAR, TrackerRows
from tests.support.running.commands import call_quarry

CANARY = "canary"
AUTHOR = b"Ann Lee <Canary.Ann@example.com> 1709283600 +0000"
COMMITTER = b"Bot <canary-build@localhost> 1709283600 +0000"
SECONDS = "1719792000"


def address(part):
    return f"{CANARY}-{part}@example.com"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home in which every kind of text that a source has contains an address."""
    folder = tmp_path_factory.mktemp("home")
    repository = Repository.make(folder / "repository")
    text = f"Ask {address('subject')}\n\nReviewed-by: Eve <{address('trailer')}>\n"
    text += f"Co-authored-by: Eve Ho <{address('helper')}>\n"
    files = {f"{address('path')}.txt": b"1\n"}
    repository.commit(text.encode(), files, author=AUTHOR, committer=COMMITTER)
    tagger = f"Ann <{address('tagger')}> 1709283600 +0000".encode()
    repository.tag("v1", repository.text("rev-parse", "HEAD"), tagger=tagger)
    (folder / "quarry.toml").write_text('sources = [{location = "repository"}]\nhome = "data"\n')
    assert quarry(folder, "run")[0] == 0
    tracker(folder / "data/store")
    assert quarry(folder, "replay")[0] == 0
    return folder


def tracker(store):
    made = TrackerRows()
    login = address("login")
    made.issue(
        1,
        ("labeled", FEB, {"label": address("label"), "actor_login": login}),
        ("closed", MAR, {"actor_login": login}),
        title=f"Write to {address('title')}",
        labels=[address("label")],
        author_login=login,
        assignees=[address("assignee")],
        state="closed",
        closed_at=MAR,
    )
    made.found(store)


def quarry(folder, *arguments):
    return call_quarry(folder, *arguments, SOURCE_DATE_EPOCH=SECONDS)


def texts_of(path):
    """Yield all that a file contains, unpacked."""
    if path.suffix == ".parquet":
        yield pl.read_parquet(path).write_csv().encode()
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            yield from map(packed.read, packed.namelist())
    yield path.read_bytes()


def hits(folder):
    """List the files with an address, and how many files were read."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    found = [
        path.relative_to(folder).as_posix()
        for path in paths
        if any(CANARY.encode() in text.lower() for text in texts_of(path))
    ]
    return found, len(paths)


def test_no_export_has_an_address(home):
    found, count = hits(home / "data/exports/current")

    assert found == []
    assert count > 40
    with duckdb.connect(str(home / "data/quarry.duckdb"), read_only=True) as warehouse:
        assert CANARY in str(warehouse.execute("from facts.identities").fetchall())


def test_a_person_is_one_pseudonym_with_a_name_in_all_exports(home):
    exports = home / "data/exports/current"
    people = pl.read_parquet(exports / "people/data.parquet")
    (ann,) = people.filter(people["person_name"] == "Ann Lee")["person_id"]
    commits = pl.read_parquet(exports / "commits/quarter=2024-Q1/data.parquet")
    evidence = pl.read_parquet(exports / "kpi_evidence/quarter=2024-Q1/data.parquet")

    assert ann.startswith("p-")
    assert len(ann) == len("p-") + 16
    assert commits["author_email"].to_list() == commits["author_person_id"].to_list() == [ann]
    contributors = evidence.filter(evidence["kpi"] == "active_contributors")
    assert set(contributors["subject_id"]) == {ann}


def test_no_report_has_an_address(home):
    code, _, complained = quarry(home, "report", "2024", "--lang", "both")
    assert (code, complained) == (0, "")

    found, count = hits(home / "data/reports")

    assert found == []
    assert count == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ("explain", "active_contributors", "2024-Q1"),
        ("explain", "active_contributors", "2024-Q1", "--format", "csv"),
        ("explain", "throughput", "2024-Q1", "--format", "json"),
        ("kpi",),
        ("asof", "2024-03-31"),
        ("status",),
    ],
    ids=" ".join,
)
def test_no_command_shows_an_address(home, arguments):
    code, said, complained = quarry(home, *arguments)

    assert (code, complained) == (0, "")
    assert CANARY not in said.lower()


def test_a_name_is_shown_next_to_a_pseudonym(home):
    _, said, _ = quarry(home, "explain", "active_contributors", "2024-Q1", "--no-sql")

    assert "Ann Lee" in said
    assert "p-" in said


def test_the_settings_may_show_addresses(home):
    settings = home / "quarry.toml"
    before = settings.read_text()
    settings.write_text(f"{before}[exports]\naddresses = true\n")
    try:
        assert quarry(home, "replay")[0] == 0
        found, _ = hits(home / "data/exports/current")
    finally:
        settings.write_text(before)
        assert quarry(home, "replay")[0] == 0

    assert {"commits/quarter=2024-Q1/data.parquet", "people/data.parquet"} <= set(found)
    assert hits(home / "data/exports/current")[0] == []


def test_nobody_else_reads_the_key(home):
    assert (home / "data/pseudonyms.key").stat().st_mode & 0o777 == 0o600
