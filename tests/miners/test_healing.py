"""What a killed run or a bad disk left behind is mended by the next run, without manual steps."""

from __future__ import annotations

import random
import shutil

import pytest

from tests.repositories import Home

GARBAGE = (
    "HEAD.lock",
    "config.lock",
    "packed-refs.lock",
    "refs/heads/main.lock",
    "refs/heads/x.lock",
    "shallow.lock",
    "objects/pack/tmp_idx_ab",
    "objects/pack/tmp_pack_Xy12",
)


@pytest.fixture
def mined(repository, mined_home):
    """A mined repository, to which two commits and a branch came since."""
    for number in range(30):
        repository.commit(b"change", {"a": b"%d\n" % number * 50, "b": b"%d" % (number % 3)})
    mined_home.mine(repository.path)
    for number in range(2):
        repository.commit(b"later", {"a": b"%d\n" % number * 60})
    repository.ref("refs/heads/x", repository.text("rev-parse", "main~9"))
    return repository


def assert_whole(home, repository, tmp_path):
    """All is there, and as a home shows it that was mined once."""
    fresh = Home(tmp_path / "fresh")
    fresh.mine(repository.path)
    for record in ("commits", "commit_files"):
        known = home.rows(record).drop("run_id", "observed_at").unique().rows()
        assert sorted(map(repr, known)) == sorted(
            map(repr, fresh.rows(record).drop("run_id", "observed_at").rows())
        )
    assert home.reachable() == fresh.reachable()
    assert home.reachable("default_branch") == fresh.reachable("default_branch")


def test_a_clone_that_was_interrupted(mined, tmp_path):
    home = Home(tmp_path / "interrupted")
    begun = home.path / "mirrors" / f"{Home(tmp_path / 'home').mirror().stem}.begun"
    shutil.copytree(Home(tmp_path / "home").mirror(), begun)
    shutil.rmtree(begun / "refs")
    home.mine(mined.path)
    assert not begun.exists()
    assert_whole(home, mined, tmp_path)


def test_locks_and_half_packs_of_a_git_that_was_killed(mined, mined_home, tmp_path):
    mirror = mined_home.mirror()
    garbage = [mirror / name for name in GARBAGE]
    for path in garbage:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    mined_home.mine(mined.path, day=1)
    assert [path for path in garbage if path.exists()] == []
    assert_whole(mined_home, mined, tmp_path)


@pytest.mark.parametrize("gone", [".", "HEAD", "config", "objects", "refs", "packed-refs"])
def test_a_mirror_of_which_something_is_gone(gone, mined, mined_home, tmp_path):
    path = mined_home.mirror() / gone
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    mined_home.mine(mined.path, day=1)
    assert_whole(mined_home, mined, tmp_path)


@pytest.mark.parametrize("seed", range(8))
def test_a_mirror_whose_pack_rotted(seed, mined, mined_home, tmp_path):
    (pack,) = mined_home.mirror().glob("objects/pack/*.pack")
    dice, content = random.Random(seed), bytearray(pack.read_bytes())
    for _ in range(20):
        content[dice.randrange(12, len(content) - 20)] ^= 1 << dice.randrange(8)
    pack.chmod(0o644)
    pack.write_bytes(content if seed else content[:100])
    mined_home.mine(mined.path, day=1)
    assert_whole(mined_home, mined, tmp_path)


def test_a_mirror_that_is_gone_while_history_was_rewritten(mined, mined_home, tmp_path):
    """The commits that only an earlier mining saw are marked out of reach all the same."""
    lost = set(mined.text("rev-list", "main~5..main~2").split())
    assert lost <= mined_home.reachable()
    mined.ref("refs/heads/main", mined.text("rev-parse", "main~5"))
    mined.git("update-ref", "-d", "refs/heads/x")
    mined.commit(b"instead", {"a": b"instead\n"})
    mined.git("-c", "gc.reflogExpire=now", "reflog", "expire", "--all", "--expire=now")
    mined.git("gc", "--quiet", "--prune=now")
    shutil.rmtree(mined_home.mirror())
    mined_home.mine(mined.path, day=1)
    assert lost.isdisjoint(mined_home.reachable() | mined_home.reachable("default_branch"))
    assert lost <= mined_home.commits().keys()
    fresh = Home(tmp_path / "fresh")
    fresh.mine(mined.path)
    assert mined_home.reachable() == fresh.reachable()


def test_an_unchanged_source_needs_no_mirror(mined, mined_home):
    mined_home.mine(mined.path, day=1)
    shutil.rmtree(mined_home.mirror())
    assert mined_home.mine(mined.path, day=2).files == ()


def test_half_a_batch_is_as_if_it_had_never_been(mined, mined_home, tmp_path):
    (first,) = (mined_home.path / "store").glob("*/000001")
    half = first.with_name("000002")
    shutil.copytree(first, half)
    (half / "receipt.json").rename(half / ".receipt.json.new")
    assert mined_home.mine(mined.path, day=1).batch == 2
    assert not (half / ".receipt.json.new").exists()
    assert_whole(mined_home, mined, tmp_path)
