"""Test counts of added and deleted lines, compared with git's."""

from __future__ import annotations

import io
import random
from contextlib import contextmanager
from dataclasses import dataclass, field

import polars as pl
import pytest

from miners.git import changes, counts
from miners.git.changes import read_changes
from miners.git.command import GitFailed, SafeGit
from miners.git.counts import parse_counts
from tests.support.expected.oracle import diff_tree, mined_files
from tests.support.git.odd_histories import everything_odd
from tests.support.git.repositories import HOST, MinedHome, Repository


@dataclass(frozen=True)
class WatchedGit(SafeGit):
    """git, and the pairs of blobs that it was asked to compare."""

    asked: list = field(default_factory=list)

    def lines(self, *arguments, stdin=b""):
        if arguments[0] == "mktree":
            old, new = [tree.split("\n") for tree in stdin.decode().split("\n\n")[:2]]
            sides = [dict(reversed(e.split("\t")) for e in tree if e) for tree in (old, new)]
            names = sorted({*sides[0], *sides[1]})
            self.asked.extend(tuple(side.get(n, "") for side in sides) for n in names)
        return super().lines(*arguments, stdin=stdin)


@pytest.fixture
def few_at_once(monkeypatch):
    """Cut all portions so small that even a short history takes many."""
    monkeypatch.setattr(changes, "_COMMITS_AT_ONCE", 3)
    monkeypatch.setattr(changes, "_FEWEST_FILES", 2)
    monkeypatch.setattr(changes, "_MOST_FILES", 5)
    monkeypatch.setattr(counts, "_REQUESTS_KEPT", 2)
    monkeypatch.setattr(counts, "_PAIRS_AT_ONCE", 3)


@pytest.mark.usefixtures("few_at_once")
def test_small_portions_give_what_diff_tree_says(tmp_path):
    repository = Repository.make(tmp_path / "odd.git", bare=True)
    everything_odd(repository)
    home = MinedHome(tmp_path / "home")
    home.mine(repository.path)
    commits = repository.text("rev-list", "--all").split()
    assert mined_files(home) == diff_tree(repository.path, commits)


def test_git_is_given_20_000_commits_at_once():
    given = []

    class Silent:
        @contextmanager
        def stream(self, *arguments, stdin):
            given.append(stdin.count(b"\n"))
            yield io.BytesIO()

    commits = pl.Series([str(number) for number in range(40_001)])
    assert list(changes._changes(Silent(), commits)) == []
    assert given == [20_000, 20_000, 1]


def test_what_moves_unchanged_is_counted_like_all_else(repository, mined_home):
    """A text has no changed line, a binary file no lines, whatever their modes become."""
    text, link = b"one\ntwo\nthree\n", ("160000", None, "1" * 40)
    before = {"text": text, "binary": b"\0" + text, "sub": link, "link": ("120000", b"target")}
    repository.commit(files=before)
    after = {f"moved/{path}": content for path, content in before.items()}
    moved = repository.commit(files=after)
    runs = {"moved/text": ("100755", text), "moved/binary": ("100755", before["binary"])}
    run = repository.commit(files=after | runs)
    mined_home.mine(repository.path)
    columns = ("path", "change", "lines_added", "lines_deleted", "is_binary")
    rows = mined_home.rows("commit_files").select("commit_hash", *columns).rows()
    assert [row[1:] for row in rows if row[0] == moved] == [
        ("moved/binary", "renamed", None, None, True),
        ("moved/link", "renamed", 0, 0, False),
        ("moved/sub", "renamed", 0, 0, False),
        ("moved/text", "renamed", 0, 0, False),
    ]
    assert [row[1:] for row in rows if row[0] == run] == [
        ("moved/binary", "modified", None, None, True),
        ("moved/text", "modified", 0, 0, False),
    ]


def rebased(repository):
    """Commit a branch of three changes, the same ones on main, and one of them once more."""
    files = {name: b"%s\n" % name.encode() * 9 for name in "abcd"}
    base = repository.commit(files=files)
    steps = [files | {"b": b"new\n"}, files | {"b": b"new\n", "c": b"new\n"}]
    branch = [base]
    for step in steps:
        branch.append(repository.commit(files=step, parents=branch[-1:], ref="refs/pull/1/head"))
    repository.commit(files=files | {"a": b"other\n"}, parents=[base])
    for step in steps:
        repository.commit(files=step | {"a": b"other\n"})
    repository.commit(files=files)
    repository.commit(files=files | {"b": b"new\n"})
    return repository.text("rev-list", "--all").split()


def test_a_pair_of_blobs_is_asked_for_once(repository):
    """However many branches, picks and rebased commits hold it."""
    commits = rebased(repository)
    git = WatchedGit(git_dir=repository.path / ".git", host=HOST)
    taken = []
    read_changes(git, pl.Series(commits), 2, lambda files, done: taken.append((files, done)))
    files = pl.concat(files for files, _ in taken)
    assert taken[-1][1] == len(commits)
    said = diff_tree(repository.path, commits)
    assert files.height == len(said) == 13
    assert len(git.asked) == len(set(git.asked)) == 10


@pytest.mark.usefixtures("few_at_once")
def test_a_pair_is_asked_for_once_across_portions(repository):
    commits = rebased(repository)
    git = WatchedGit(git_dir=repository.path / ".git", host=HOST)
    places = []
    read_changes(git, pl.Series(commits), 2, lambda _, done: places.append(done))
    assert places == sorted(places)
    assert places[-1] == len(commits)
    assert len(git.asked) == len(set(git.asked))


@pytest.mark.usefixtures("few_at_once")
def test_the_number_of_workers_changes_no_byte(tmp_path):
    repository = Repository.make(tmp_path / "repository")
    made = random.Random(7)
    for _ in range(20):
        content = {n: b"%d\n" % made.randrange(9) * made.randrange(9) for n in "abcdef"}
        repository.commit(files=content)
    receipts = [MinedHome(tmp_path / f"{n}").mine(repository.path, workers=n) for n in (1, 3)]
    files = [{file.name: file.sha256 for file in receipt.files} for receipt in receipts]
    assert files[0] == files[1]


def test_what_a_killed_counting_left_is_deleted_afterwards(small, mined_home):
    mined_home.mine(small.path)
    left = mined_home.mirror() / "pairs/0/info"
    left.mkdir(parents=True)
    (left / "alternates").write_text("/nowhere\n")
    small.commit(b"more", {"a": b"3\n"})
    mined_home.mine(small.path, day=1)
    assert mined_home.rows("commit_files", batch=2)["lines_added"].to_list() == [1]
    assert not (mined_home.mirror() / "pairs").exists()


@pytest.mark.parametrize("answer", ["", "1\t2\t00000001\0", "1\t2\t00000000\0" * 2])
def test_an_answer_about_other_pairs_is_refused(answer):
    with pytest.raises(GitFailed, match="not the counts of 1 pairs"):
        parse_counts(answer, 1)
