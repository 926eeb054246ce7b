"""Backup and restore: one file, checked before it is put in place."""

from __future__ import annotations

import hashlib
import json
import shutil
import tarfile
from types import SimpleNamespace

import duckdb
import pytest

from flows.run.keeping import archive
from flows.run.keeping import backup as backups
from tests.support.git.repositories import Repository
from tests.support.running.commands import call_quarry

SETTINGS = 'home = "data"\nsources = [{location = "%s"}]\n'
FIGURES = "select count(*), count(distinct commit_hash), min(run_id) from raw.commits"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A home with two nights and a sealed quarter, and its backup."""
    folder = tmp_path_factory.mktemp("made")
    repository = Repository.make(folder / "repository")
    for number in range(3):
        repository.commit(b"one", {"a": b"%d\n" % number})
    here = folder / "here"
    here.mkdir()
    (here / "quarry.toml").write_text(SETTINGS % repository.path)
    (here / "report.toml").write_text('title = "Ours"\n')
    assert quarry(here, "run")[0] == 0
    assert quarry(here, "seal", "2024-Q1")[0] == 0
    code, said, complained = quarry(here, "backup", "../kept.tar")
    assert (code, complained) == (0, "")
    return SimpleNamespace(here=here, file=folder / "kept.tar", repository=repository, said=said)


def quarry(folder, *arguments, day=0):
    return call_quarry(folder, *arguments, SOURCE_DATE_EPOCH=str(1_719_792_000 + 86_400 * day))


def files(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for top in ("store", "seals", "pseudonyms.key")
        for path in (folder / top, *(folder / top).rglob("*"))
        if path.is_file()
    }


def row(home, query=FIGURES):
    with duckdb.connect(str(home / "quarry.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchone()


def test_a_backup_says_how_much_and_how_long(made):
    with tarfile.open(made.file) as kept:
        names = set(kept.getnames())

    assert f"{len(names) - 1} files" in made.said
    assert " s.\n" in made.said
    assert {"backup.json", "pseudonyms.key", "settings/quarry.toml", "settings/report.toml"} < names
    assert "seals/2024-Q1/seal.json" in names
    assert made.file.stat().st_mode & 0o777 == 0o600
    assert sorted(made.file.parent.iterdir()) == sorted(
        [made.here, made.file, made.repository.path]
    )


def test_a_home_restored_under_another_path_continues_its_history(made, tmp_path):
    code, said, complained = quarry(tmp_path, "restore", made.file, "--home", tmp_path / "moved")

    assert (code, complained) == (0, "")
    assert " s.\n" in said
    assert files(tmp_path / "moved") == files(made.here / "data")
    assert (tmp_path / "quarry.toml").read_text() == (made.here / "quarry.toml").read_text()
    assert (tmp_path / "report.toml").exists()
    assert not (tmp_path / "moved/.restoring").exists()
    assert quarry(tmp_path, "run", "--home", "moved", day=1)[0] == 0
    assert row(tmp_path / "moved") == row(made.here / "data")
    assert row(tmp_path / "moved", "select max(batch) from raw.batches") == (2,)
    code, said, _ = quarry(tmp_path, "seal", "--check", "--home", "moved", day=1)
    assert (code, "valid" in said) == (0, True)


def test_settings_that_exist_are_kept(made, tmp_path):
    (tmp_path / "quarry.toml").write_text('home = "mine"\n')

    code, said, _ = quarry(tmp_path, "restore", made.file)

    assert code == 0
    assert (tmp_path / "quarry.toml").read_text() == 'home = "mine"\n'
    assert (tmp_path / "quarry.restored.toml").exists()
    assert "quarry.restored.toml" in said
    assert files(tmp_path / "mine") == files(made.here / "data")


def test_a_home_with_a_history_is_not_replaced(made, tmp_path):
    shutil.copytree(made.here / "data/seals", tmp_path / "data/seals")

    code, _, complained = quarry(tmp_path, "restore", made.file)

    assert code == 1
    assert f"{tmp_path / 'data'}: has a store or seals already" in complained
    assert not (tmp_path / "data/store").exists()


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def cut_to_nothing(path):
    path.write_bytes(b"")


def flip(path):
    content = bytearray(path.read_bytes())
    content[content.index(b"PAR1") + 20] ^= 1
    path.write_bytes(content)


def no_backup(path):
    path.write_text("hello\n")


def change_manifest(path, **changes):
    """Write the archive again with other facts in its manifest."""
    copied = path.with_suffix(".copy")
    with tarfile.open(path) as old, tarfile.open(copied, "w") as new:
        for member in old:
            content = old.extractfile(member).read()
            if member.name == archive.MANIFEST:
                content = json.dumps({**json.loads(content), **changes}).encode()
                member.size = len(content)
            new.addfile(member, archive.io.BytesIO(content))
    copied.replace(path)


def newer(path):
    change_manifest(path, format=archive.FORMAT + 1, quarry="9.9")


def with_another_file(path):
    with tarfile.open(path, "a") as kept:
        kept.addfile(archive._entry("store/../../outside", 0))


def without_a_file(path):
    change_manifest(path, files={"store/x": {"bytes": 1, "sha256": "0"}})


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (cut, "backup"),
        (cut_to_nothing, "it is no "),
        (flip, "in it is damaged"),
        (no_backup, "it is no complete backup"),
        (newer, "a newer version of Quarry wrote it, 9.9"),
        (with_another_file, "contains a file that no backup has"),
        (without_a_file, "contains a file that no backup has"),
    ],
)
def test_a_damaged_or_newer_backup_is_named_in_one_line(made, tmp_path, spoil, problem):
    file = tmp_path / "kept.tar"
    shutil.copyfile(made.file, file)
    spoil(file)

    code, said, complained = quarry(tmp_path, "restore", file)

    assert (code, said) == (1, "")
    assert complained.startswith(f"quarry: {file}: ")
    assert problem in complained
    assert complained.count("\n") == 1
    assert not (tmp_path / "data/store").exists()
    assert not (tmp_path.parent / "outside").exists()
    assert quarry(tmp_path, "restore", made.file)[0] == 0


@pytest.mark.parametrize("name", ["unpack_archive", "_put_settings", "_put"])
def test_an_interrupted_restore_is_repeated(made, tmp_path, monkeypatch, name):
    original, left = getattr(backups, name), [1]

    def interrupted(*arguments):
        if not left:
            raise KeyboardInterrupt
        left.pop()
        return original(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(backups, name, interrupted)
        if name != "_put":
            left.pop()
        assert quarry(tmp_path, "restore", made.file)[0] == 130

    assert quarry(tmp_path, "restore", made.file)[0] == 0
    assert files(tmp_path / "data") == files(made.here / "data")


def test_a_damaged_store_replaces_no_backup(made, tmp_path):
    shutil.copytree(made.here, tmp_path / "copy", symlinks=True)
    parquet = next((tmp_path / "copy/data/store").rglob("commits-*.parquet"))
    parquet.write_bytes(parquet.read_bytes()[:-1])
    (tmp_path / "kept.tar").write_text("of yesterday")

    code, _, complained = quarry(tmp_path / "copy", "backup", tmp_path / "kept.tar")

    assert code == 1
    assert parquet.name in complained
    assert (tmp_path / "kept.tar").read_text() == "of yesterday"


def test_nothing_to_back_up_is_said(tmp_path):
    code, _, complained = quarry(tmp_path, "backup", "kept.tar")

    assert code == 1
    assert "no store to back up" in complained
    assert not (tmp_path / "kept.tar").exists()


def test_a_backup_that_is_not_there_is_named(tmp_path):
    code, _, complained = quarry(tmp_path, "restore", "kept.tar")

    assert (code, complained.count("\n")) == (1, 1)
    assert "kept.tar: the file does not exist" in complained
