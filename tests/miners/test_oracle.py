"""Everything mined from real histories, against what git itself says by other commands."""

from __future__ import annotations

import shutil

import pytest

from tests.oracle import diff_tree, log, mined_files, mined_log
from tests.repositories import Home, git

MIRRORED = ("--branches", "--tags", "--glob=refs/pull/*/head", "HEAD")


@pytest.fixture(scope="module")
def mined(real_history, tmp_path_factory):
    """Mine a real history by name, once: where it lies, and its home."""
    homes = {}

    def mine(name):
        source = real_history(name)
        if name not in homes:
            homes[name] = Home(tmp_path_factory.mktemp("oracle"))
            homes[name].mine(source)
        return source, homes[name]

    return mine


@pytest.mark.parametrize(("name", "refs"), [("pytest", ("--all",)), ("secp256k1", MIRRORED)])
def test_everything_mined_is_what_git_says_by_other_commands(name, refs, mined):
    """Commits, files, texts, people, times and trailers: none is missing and none differs."""
    source, home = mined(name)
    wanted = git(source, "rev-list", *refs).decode().split()
    assert mined_files(home) == diff_tree(source, wanted)
    assert _differences(mined_log(home), log(source, wanted)) == {}


def test_test_merges_that_a_host_invents_are_left_out_unless_asked_for(mined, tmp_path):
    """GitHub offers a merge of each open change request that nobody made."""
    source, found = mined("secp256k1")
    assert found.rows("commits").height == 4137
    home = Home(tmp_path / "home")
    shutil.copytree(found.path, home.path)
    home.mine(source, day=1, extra_refs=("refs/pull/*/merge",))
    everything = git(source, "rev-list", "--all").decode().split()
    assert len(everything) == 4299
    assert home.commits().keys() == set(everything)
    assert home.reachable() == set(everything)


def _differences(found, expected):
    pairs = {key: (found.get(key), expected.get(key)) for key in found.keys() | expected.keys()}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}
