"""Small repositories that unpack to billions of paths."""

from __future__ import annotations

from dataclasses import replace

import pytest

from miners.errors import SourceDenied, SourceUnavailable
from miners.git import trees
from tests.support.git.repositories import HOST
from tests.support.running.clocks import without_hanging

LIMITED = replace(HOST, git_memory_bytes=160 << 20)


def bomb(repository, depth):
    """Write a commit whose tree has ten folders, each of which has the same ten, and so on."""
    blob = repository.blob(b"x\n")
    lines = b"".join(b"100644 blob %b\tf%d\n" % (blob.encode(), n) for n in range(10))
    for _ in range(depth):
        tree = repository.text("mktree", stdin=lines)
        lines = b"".join(b"040000 tree %b\td%d\n" % (tree.encode(), n) for n in range(10))
    person = "Ada <ada@example.org> 1700000000 +0000"
    commit = f"tree {tree}\nauthor {person}\ncommitter {person}\n\nbomb\n"
    return repository.write_object("commit", commit.encode())


@pytest.fixture(autouse=True)
def few_paths(monkeypatch):
    """The limit is in proportion to that of the memory."""
    monkeypatch.setattr(trees, "MOST_PATHS", 200_000)


def fails_with(match, error, repository, mined_home):
    with without_hanging(), pytest.raises(error, match=match):
        mined_home.mine(repository.path, host=LIMITED)
    assert not list((mined_home.path / "store").glob("*/*/receipt.json"))


def test_the_newest_commit_has_ten_billion_paths(repository, mined_home):
    repository.ref("refs/heads/main", bomb(repository, 10))
    fails_with("more paths than Quarry reads", SourceDenied, repository, mined_home)


def test_an_older_commit_has_ten_billion_paths(repository, mined_home):
    repository.commit(b"sound", {"a": b"1\n"}, parents=[bomb(repository, 10)])
    fails_with("needs more memory than git is given", SourceUnavailable, repository, mined_home)


def test_the_notes_of_agents_have_ten_billion_paths(repository, mined_home):
    repository.commit(b"sound")
    repository.ref("refs/notes/ai", bomb(repository, 10))
    fails_with("more paths than Quarry reads", SourceDenied, repository, mined_home)


def test_a_tree_of_a_thousand_paths_is_read_with_the_same_limits(repository, mined_home):
    repository.ref("refs/heads/main", bomb(repository, 3))
    assert mined_home.mine(repository.path, host=LIMITED).rows("commit_files") == 1000
