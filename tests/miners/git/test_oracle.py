"""Compare mined real histories with the output of git's commands."""

from __future__ import annotations

import shutil

import pytest

from miners.store import source_folder
from tests.support.expected.oracle import diff_tree, log, mined_files, mined_log
from tests.support.fakes.replay import dataset, shared_folder
from tests.support.git.repositories import MinedHome, git
from tests.support.running.examples import IS_LONG
from tests.support.running.mined_project import GIT_DAY, REPOSITORY, mined_git

LONG = [("pytest", ("--all",))] if IS_LONG else []
MIRRORED = ("--branches", "--tags", "--glob=refs/pull/*/head", "HEAD")


@pytest.fixture(scope="module")
def mined(tmp_path_factory):
    """Mine real histories by name, once: where they lie, and their homes."""
    small, home_of_small = mined_git(tmp_path_factory)
    found = {"secp256k1": (small / "git", home_of_small)}
    if not IS_LONG:
        return found
    large = dataset("pytest", shared_folder(tmp_path_factory), has_git=True) / "git"
    home_of_large = MinedHome(tmp_path_factory.mktemp("oracle"))
    _lend_objects(large, home_of_large)
    home_of_large.mine(large)
    return found | {"pytest": (large, home_of_large)}


def _lend_objects(source, home):
    """Begin the mirror with the objects of its source, so that they are not unpacked twice."""
    mirror = source_folder(home.path / "mirrors", str(source)).with_suffix(".git")
    git(source, "clone", "--quiet", "--bare", str(source), str(mirror))


@pytest.mark.parametrize(("name", "refs"), [*LONG, ("secp256k1", MIRRORED)])
def test_everything_mined_is_what_git_says_by_other_commands(name, refs, mined):
    """Commits, files, texts, people, times and trailers: none is missing and none differs."""
    source, home = mined[name]
    wanted = git(source, "rev-list", *refs).decode().split()
    assert mined_files(home) == diff_tree(source, wanted)
    assert _differences(mined_log(home), log(source, wanted)) == {}


def test_test_merges_that_a_host_invents_are_excluded_unless_asked_for(mined, tmp_path):
    """GitHub offers a merge of each open change request that nobody made."""
    source, found = mined["secp256k1"]
    assert found.rows("commits").height == 4137
    home = MinedHome(tmp_path / "home")
    shutil.copytree(found.path, home.path)
    named = {"id": REPOSITORY, "name": "secp256k1"}
    home.mine(source, GIT_DAY + 1, **named, extra_refs=("refs/pull/*/merge",))
    everything = git(source, "rev-list", "--all").decode().split()
    assert len(everything) == 4299
    assert home.commits().keys() == set(everything)
    assert home.reachable() == set(everything)


def _differences(found, expected):
    pairs = {key: (found.get(key), expected.get(key)) for key in found.keys() | expected.keys()}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}
