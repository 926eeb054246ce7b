"""Repositories with more refs than git should write as files."""

from __future__ import annotations

import pytest

from miners.git import mirror
from tests.support.git.repositories import git

MISSING = "1234567890123456789012345678901234567890"


@pytest.fixture
def many(small, monkeypatch):
    """A repository with more refs than the limit, an annotated tag and a name that is no UTF-8."""
    monkeypatch.setattr(mirror, "_MOST_LOOSE_REFS", 3)
    tip = small.commit(b"more", {"a": b"more\n"})
    small.tag("inner", small.tag("outer", tip), kind="tag")
    lines = b"".join(b"%b refs/tags/%b\n" % (tip.encode(), name) for name in (b"\xff", b"b", b"a"))
    (small.path / ".git/packed-refs").write_bytes(lines)
    return small


def refs_of(folder):
    lines = git(folder, "for-each-ref", "--format=%(refname) %(objectname) %(*objectname)")
    return [line for line in lines.splitlines() if not line.startswith(b"refs/quarry/")]


def loose(home):
    return [path for path in home.mirror().glob("refs/**/*") if path.is_file()]


def test_a_first_fetch_writes_all_refs_as_one_file(many, mined_home):
    mined_home.mine(many.path)
    assert refs_of(mined_home.mirror()) == refs_of(many.path)
    assert len(refs_of(many.path)) == 7
    assert not loose(mined_home)
    git(mined_home.mirror(), "fsck", "--strict", "--connectivity-only")
    git(mined_home.mirror(), "pack-refs", "--all")  # git reads its own file


def test_refs_that_are_fetched_later_are_packed_too(many, mined_home):
    mined_home.mine(many.path)
    tip = many.commit(b"later", {"a": b"later\n"})
    for number in range(5):
        many.ref(f"refs/heads/b{number}", tip)
    many.git("update-ref", "-d", "refs/tags/a")
    mined_home.mine(many.path, day=1)
    assert refs_of(mined_home.mirror()) == refs_of(many.path)
    assert not loose(mined_home)


def test_a_few_refs_that_are_fetched_later_stay_files(many, mined_home):
    mined_home.mine(many.path)
    many.ref("refs/heads/new", many.commit(b"later", {"a": b"later\n"}))
    mined_home.mine(many.path, day=1)
    assert loose(mined_home)
    assert refs_of(mined_home.mirror()) == refs_of(many.path)


def test_broken_refs_among_many_stop_no_other(many, mined_home):
    sound = refs_of(many.path)
    for name, content in {"garbage": "no name", "missing": MISSING}.items():
        (many.path / ".git/refs/heads" / name).write_text(content)
    receipt = mined_home.mine(many.path)
    assert receipt.cursor["broken"] == ["refs/heads/garbage", "refs/heads/missing"]
    assert refs_of(mined_home.mirror()) == sound
