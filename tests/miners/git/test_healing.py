"""Test that a run repairs the remains of kills and disk errors."""

from __future__ import annotations

import random
import shutil

import pytest

from tests.support.git.repositories import MinedHome, Repository

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


def mined_and_grown(repository, home):
    """Mine a repository, and give it two commits and a branch more."""
    for number in range(30):
        repository.commit(b"change", {"a": b"%d\n" % number * 50, "b": b"%d" % (number % 3)})
    home.mine(repository.path)
    for number in range(2):
        repository.commit(b"later", {"a": b"%d\n" % number * 60})
    repository.ref("refs/heads/x", repository.text("rev-parse", "main~9"))
    return repository


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A repository that grew, a home in which it was mined before, and one mined after."""
    folder = tmp_path_factory.mktemp("healing")
    before, after = MinedHome(folder / "before"), MinedHome(folder / "after")
    repository = mined_and_grown(Repository.make(folder / "repository"), before)
    after.mine(repository.path)
    return repository, before, after


@pytest.fixture
def mined(shared, mined_home):
    """The shared repository, and in a home of its own what was mined before it grew."""
    repository, before, _ = shared
    shutil.copytree(before.path, mined_home.path)
    return repository


@pytest.fixture
def assert_whole(shared):
    """See that all is there, and as a home shows it that was mined once."""
    fresh = shared[2]

    def check(home):
        for record in ("commits", "commit_files"):
            known = home.rows(record).drop("run_id", "observed_at").unique().rows()
            assert sorted(map(repr, known)) == sorted(
                map(repr, fresh.rows(record).drop("run_id", "observed_at").rows())
            )
        assert home.reachable() == fresh.reachable()
        assert home.reachable("default_branch") == fresh.reachable("default_branch")

    return check


def test_a_clone_that_was_interrupted(mined, tmp_path, assert_whole):
    home = MinedHome(tmp_path / "interrupted")
    begun = home.path / "mirrors" / f"{MinedHome(tmp_path / 'home').mirror().stem}.begun"
    shutil.copytree(MinedHome(tmp_path / "home").mirror(), begun)
    shutil.rmtree(begun / "refs")
    home.mine(mined.path)
    assert not begun.exists()
    assert_whole(home)


def test_locks_and_half_packs_of_a_git_that_was_killed(mined, mined_home, assert_whole):
    mirror = mined_home.mirror()
    garbage = [mirror / name for name in GARBAGE]
    for path in garbage:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    mined_home.mine(mined.path, day=1)
    assert [path for path in garbage if path.exists()] == []
    assert_whole(mined_home)


@pytest.mark.parametrize("gone", [".", "HEAD", "config", "objects", "refs", "packed-refs"])
def test_a_mirror_of_which_something_is_missing(gone, mined, mined_home, assert_whole):
    path = mined_home.mirror() / gone
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    mined_home.mine(mined.path, day=1)
    assert_whole(mined_home)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("config", b"[[[["),
        ("packed-refs", b"\0garbage\n"),
        ("HEAD", b"\xff"),
        ("refs/heads/main", b"0" * 40),
        ("refs/heads/main", b"no name\n"),
        ("shallow", b"0" * 40),
        ("objects/info/alternates", b"/nowhere\n"),
    ],
)
def test_a_mirror_of_which_a_file_is_damaged(name, content, mined, mined_home, assert_whole):
    path = mined_home.mirror() / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    mined_home.mine(mined.path, day=1)
    assert_whole(mined_home)


@pytest.mark.parametrize("kind", ["file", "link to nowhere", "link to itself"])
def test_a_mirror_that_is_no_folder(kind, mined, mined_home, assert_whole):
    mirror = mined_home.mirror()
    shutil.rmtree(mirror)
    if kind == "file":
        mirror.touch()
    else:
        mirror.symlink_to("nowhere" if kind == "link to nowhere" else mirror.name)
    mined_home.mine(mined.path, day=1)
    assert_whole(mined_home)


@pytest.mark.parametrize("seed", range(8))
def test_a_mirror_whose_pack_rotted(seed, mined, mined_home, assert_whole):
    (pack,) = mined_home.mirror().glob("objects/pack/*.pack")
    dice, content = random.Random(seed), bytearray(pack.read_bytes())
    for _ in range(20):
        content[dice.randrange(12, len(content) - 20)] ^= 1 << dice.randrange(8)
    pack.chmod(0o644)
    pack.write_bytes(content if seed else content[:100])
    mined_home.mine(mined.path, day=1)
    assert_whole(mined_home)


def test_a_mirror_that_is_deleted_while_history_was_rewritten(repository, mined_home, tmp_path):
    """The commits that only an earlier mining saw are marked out of reach all the same."""
    mined_and_grown(repository, mined_home)
    lost = set(repository.text("rev-list", "main~5..main~2").split())
    assert lost <= mined_home.reachable()
    repository.ref("refs/heads/main", repository.text("rev-parse", "main~5"))
    repository.git("update-ref", "-d", "refs/heads/x")
    repository.commit(b"instead", {"a": b"instead\n"})
    repository.git("-c", "gc.reflogExpire=now", "reflog", "expire", "--all", "--expire=now")
    repository.git("gc", "--quiet", "--prune=now")
    shutil.rmtree(mined_home.mirror())
    mined_home.mine(repository.path, day=1)
    assert lost.isdisjoint(mined_home.reachable() | mined_home.reachable("default_branch"))
    assert lost <= mined_home.commits().keys()
    fresh = MinedHome(tmp_path / "fresh")
    fresh.mine(repository.path)
    assert mined_home.reachable() == fresh.reachable()


def test_an_unchanged_source_needs_no_mirror(mined, mined_home):
    mined_home.mine(mined.path, day=1)
    shutil.rmtree(mined_home.mirror())
    assert mined_home.mine(mined.path, day=2).files == ()


def test_half_a_batch_is_as_if_it_had_never_been(mined, mined_home, assert_whole):
    (first,) = (mined_home.path / "store").glob("*/000001")
    half = first.with_name("000002")
    shutil.copytree(first, half)
    (half / "receipt.json").rename(half / ".receipt.json.new")
    assert mined_home.mine(mined.path, day=1).batch == 2
    assert not (half / ".receipt.json.new").exists()
    assert_whole(mined_home)
