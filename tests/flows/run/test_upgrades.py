"""Upgrade and downgrade by one version."""

from __future__ import annotations

import json
import re
import shutil
import tarfile
from pathlib import Path

import pytest

from miners.store import sha256_of
from tests.support.git.repositories import Repository
from tests.support.running.commands import call_quarry

KEPT = Path(__file__).with_name("home_of_0_1") / "home.tar.xz"
# Its source was at another place on the disk.
MOVED = 'location = "app.git"\nid = "/srv/quarry-0.1/app.git"'
FIRST_SECOND = 1_712_800_000
FIGURES = "select kpi, project, source, value, n from marts.kpi_quarterly where quarter = '2024-Q1'"
COMMITS = "select count(*) as commit_count from raw.commits where source like '%app.git'"
NEWER = "a newer version of Quarry wrote it (format 2, not 1)"


def unpacked(folder):
    with tarfile.open(KEPT) as archive:
        archive.extractall(folder, filter="data")
    settings = folder / "quarry.toml"
    settings.write_text(settings.read_text().replace('location = "app.git"', MOVED))
    return folder


def quarry(folder, *arguments, day=0):
    return call_quarry(folder, *arguments, SOURCE_DATE_EPOCH=str(FIRST_SECOND + 86_400 * day))


def asked(folder, query):
    code, said, complained = quarry(folder, "query", query, "--format", "json")
    assert code == 0, complained
    return json.loads(said)


def kept(folder):
    """Hash all that no later run may change."""
    paths = (path for top in ("store", "seals") for path in (folder / "home" / top).rglob("*"))
    return {path: sha256_of(path) for path in paths if path.is_file()}


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory):
    """The old home after a run of this version, with what the old version had kept."""
    folder = unpacked(tmp_path_factory.mktemp("upgraded"))
    before = kept(folder)
    code, said, complained = quarry(folder, "run")
    assert code == 0, complained
    assert "app" in said
    return folder, before


@pytest.fixture
def newer(tmp_path):
    """The old home as the version after this one would have left it."""
    folder = unpacked(tmp_path)
    for name in ("receipt.json", "seal.json", "runs/*.json"):
        for path in (folder / "home").rglob(name):
            facts = json.loads(path.read_text())
            path.write_text(json.dumps(facts | {"format": 2, "of_the_next_version": 1}))
    return folder


def test_an_upgrade_keeps_every_batch_and_every_sealed_figure(upgraded):
    folder, before = upgraded
    after = kept(folder)
    assert {path: after[path] for path in before} == before
    shown = {(row["kpi"], row["project"], row["source"]): row for row in asked(folder, FIGURES)}
    for row in json.loads((folder / "sealed.json").read_text()):
        now = shown[row["kpi"], row["project"], row["source"]]
        assert (now["value"], now["n"]) == (row["value"], row["n"]), row


def test_an_upgraded_home_passes_its_checks(upgraded):
    folder, _ = upgraded
    code, said, _ = quarry(folder, "seal", "--check")
    assert (code, "valid" in said) == (0, True)
    code, said, _ = quarry(folder, "doctor")
    assert (code, "FAIL" in said) == (0, False)
    code, said, _ = quarry(folder, "status")
    assert (code, said.count("completed")) == (0, 3)


def test_an_upgraded_home_mines_only_what_is_new(upgraded, tmp_path):
    folder = shutil.copytree(upgraded[0], tmp_path / "copy", symlinks=True)
    assert asked(folder, COMMITS) == [{"commit_count": 4}]
    repository = Repository(folder / "app.git", seconds=FIRST_SECOND)
    repository.commit(b"after the upgrade", {"a": b"new\n"})
    assert quarry(folder, "run", day=1)[0] == 0
    assert asked(folder, COMMITS) == [{"commit_count": 5}]
    code, said, _ = quarry(folder, "run", day=2)
    assert (code, "unchanged" in said) == (0, True)


@pytest.mark.parametrize("command", ["run", "replay"])
def test_an_older_version_builds_nothing_from_a_newer_home(newer, command):
    before = kept(newer)
    code, said, complained = quarry(newer, command)
    assert code == 1
    said += complained
    named = re.findall(r"(?m)^.*(?:receipt|seal)\.json: (a newer .*)\. Run that version.*$", said)
    assert set(named) == {NEWER}
    assert said.count(NEWER) == len(named)
    assert kept(newer) == before
    assert not (newer / "home/quarry.duckdb").exists()


def test_an_older_version_names_what_is_newer(newer):
    code, said, _ = quarry(newer, "doctor")
    assert code == 1
    assert said.count(NEWER) >= 2
    assert "Run that version, or a later one." in said
    code, said, _ = quarry(newer, "status")
    assert code == 0
    assert "newer version" in said
