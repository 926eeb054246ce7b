"""Test the checks and repairs of `quarry doctor`."""

from __future__ import annotations

import shutil

import duckdb
import pytest

from flows.run import setup_checks
from tests.support.git.repositories import Repository
from tests.support.rows.sealed_homes import NEEDED
from tests.support.rows.some_models import BUILDERS, HEADLINE, copy_models, models_of
from tests.support.running.commands import call_quarry


def quarry(folder, *arguments):
    return call_quarry(folder, *arguments, SOURCE_DATE_EPOCH="1719792000")


@pytest.fixture(scope="module", autouse=True)
def _models(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models") / "sql"
    models = copy_models(folder, *HEADLINE, *NEEDED, "kpis.commits")
    with models_of(models, BUILDERS), pytest.MonkeyPatch.context() as patch:
        # They read many more models.
        for name in ("_rules", "_people"):
            patch.setattr(setup_checks, name, lambda _workspace: [])
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory, _models):
    """A home with a sealed quarter, in which nothing is wrong."""
    folder = tmp_path_factory.mktemp("made")
    Repository.make(folder / "repository").commit(b"one", {"a": b"1\n"})
    (folder / "quarry.toml").write_text(
        f'home = "data"\nsources = [{{location = "{folder / "repository"}"}}]\n'
    )
    assert quarry(folder, "run")[0] == 0
    assert quarry(folder, "seal", "2024-Q1")[0] == 0
    code, said, _ = quarry(folder, "doctor")
    assert code == 0, said
    return folder


@pytest.fixture
def home(made, tmp_path):
    folder = tmp_path / "here"
    shutil.copytree(made, folder, symlinks=True)
    return folder


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def parquet(home):
    return next((home / "data/exports/current").rglob("data.parquet"))


def break_wal(home):
    (home / "data/quarry.duckdb.wal").write_bytes(b"truncated")


def break_warehouse(home):
    cut(home / "data/quarry.duckdb")


def break_export(home):
    # A file of its own: the other snapshot may be a hard link to it.
    content = parquet(home).read_bytes()
    parquet(home).unlink()
    parquet(home).with_name("data.parquet").write_bytes(content[:-1])


def lose_export(home):
    shutil.rmtree(parquet(home).parent)


def lose_manifest(home):
    (home / "data/exports/current/manifest.json").unlink()


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (break_wal, "quarry.duckdb.wal"),
        (break_warehouse, "quarry.duckdb: cannot be read"),
        (break_export, "data.parquet: missing, or changed"),
        (lose_export, "data.parquet: missing, or changed"),
        (lose_manifest, "manifest.json: missing or damaged"),
    ],
)
def test_what_the_store_can_make_is_made_again(home, spoil, named):
    spoil(home)

    code, said, _ = quarry(home, "doctor")
    assert code == 1
    assert named in said.replace("\n", " ")
    assert "quarry doctor --fix" in said

    code, said, complained = quarry(home, "doctor", "--fix")
    assert code == 0, said + complained
    assert "built" in said
    with duckdb.connect(str(home / "data/quarry.duckdb"), read_only=True) as connection:
        assert connection.execute("select count(*) from raw.commits").fetchone() == (1,)


def test_what_killed_processes_left_is_deleted(home):
    data = home / "data"
    (data / "exports/snapshots/9.building").mkdir()
    (data / "quarry.duckdb.building").write_bytes(b"x")
    (data / "runs/.x.json.new").write_bytes(b"x")

    code, said, _ = quarry(home, "doctor")
    assert (code, "3 left by processes that were killed" in said.replace("\n", " ")) == (0, True)

    code, said, _ = quarry(home, "doctor", "--fix")
    assert code == 0
    assert said.count("deleted") == 3
    assert "left by processes" not in said
    assert quarry(home, "doctor", "--fix")[1].startswith("done  nothing to repair")


def test_the_key_is_closed_to_others_again(home):
    key = home / "data/pseudonyms.key"
    key.chmod(0o644)

    assert "other users of this machine may read it" in quarry(home, "doctor")[1]
    assert quarry(home, "doctor", "--fix")[0] == 0
    assert key.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["evidence.parquet", "seal.json"])
def test_a_damaged_seal_is_named_and_not_changed(home, name):
    path = home / "data/seals/2024-Q1" / name
    cut(path)
    before = path.read_bytes()

    code, said, _ = quarry(home, "doctor", "--fix")

    assert code == 1
    assert "2024-Q1" in said
    assert "from a backup" in said.replace("\n", " ")
    assert path.read_bytes() == before


def test_a_damaged_store_is_named_and_not_changed(home):
    path = next((home / "data/store").rglob("commits-*.parquet"))
    cut(path)
    break_warehouse(home)

    code, said, _ = quarry(home, "doctor", "--fix")

    assert code == 1
    assert path.name in said
    assert "built" not in said
    assert (home / "data/quarry.duckdb").exists()


def test_an_interrupted_forgetting_is_named(home):
    people = '[{"stands_for": "ab", "hashes": [], "sizes": []}]'
    (home / "data/store/forgotten.json").write_text(
        f'{{"format": 1, "is_pending": true, "people": {people}}}'
    )

    code, said, _ = quarry(home, "doctor")

    assert (code, "quarry forget" in said) == (1, True)


def as_file(path):
    if path.is_dir():
        shutil.rmtree(path)
    path.write_text("not a folder\n")


def as_folder(path):
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("name", "harm"),
    [
        *((name, as_file) for name in ("", "store", "mirrors", "exports", "runs", "seals")),
        *((name, as_folder) for name in ("quarry.duckdb", "quarry.lock")),
    ],
)
def test_a_file_in_the_place_of_a_folder_is_named(home, name, harm):
    path = home / "data" / name
    harm(path)
    code, said, complained = quarry(home, "doctor")
    kind = "file, not a folder" if harm is as_file else "folder, not a file"
    assert (code, complained) == (1, "")
    assert f"{path}: it is a {kind}" in said
    assert "Move it away; restore what was there from a backup." in said


def test_a_deleted_store_is_named(home):
    shutil.rmtree(home / "data/store")
    code, said, _ = quarry(home, "doctor")
    assert code == 1
    assert f"fix   store: {home / 'data/store'}: it has no batch, but " in said


def test_a_deleted_seal_is_named(home):
    shutil.rmtree(home / "data/seals/2024-Q1")
    code, said, _ = quarry(home, "doctor")
    assert code == 1
    assert f"fix   seals: {home / 'data/seals/2024-Q1'}: the seal is missing" in said
