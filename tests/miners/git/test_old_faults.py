"""Test that faults of form are read and counted."""

from __future__ import annotations

import pytest

from miners.errors import SourceDenied
from miners.git.command import GitFailed
from miners.git.failures import tolerated_faults, translate

WHO = b"Ada <ada@x> 1704067200 +0000"
GITMODULES = b'[submodule "%s"]\n\tpath = x\n\turl = %s\n'


def entry(mode, name, object_name):
    return mode + b" " + name + b"\0" + bytes.fromhex(object_name)


def commit_of_tree(repository, content):
    """Commit a tree of these bytes, then an ordinary one."""
    write = ("hash-object", "-w", "--literally", "--stdin", "-t")
    tree = repository.text(*write, "tree", stdin=content)
    raw = repository.raw_commit(tree, [], WHO, WHO, b"odd")
    first = repository.text(*write, "commit", stdin=raw)
    repository.commit(b"fine", {"a": b"x\n"}, parents=[first])
    return first


@pytest.mark.parametrize(
    ("fault", "name", "content"),
    [
        ("gitmodulesUrl", b".gitmodules", GITMODULES % (b"x", b"https:///git.example.org/x.git")),
        ("gitmodulesUrl", b".gitmodules", GITMODULES % (b"x", b"-u./program")),
        ("gitmodulesName", b".gitmodules", GITMODULES % (b"../../x", b"https://x/y")),
        ("gitmodulesParse", b".gitmodules", b"[submodule"),
        ("gitattributesLineLength", b".gitattributes", b"*.x " + b"a" * 3000 + b"\n"),
        ("fullPathname", b"src/a.c", b""),
        ("hasDotgit", b".git", b""),
        ("hasDot", b".", b""),
        ("hasDotdot", b"..", b""),
    ],
)
def test_what_endangers_a_checkout_only_is_read_and_counted(
    fault, name, content, repository, mined_home
):
    first = commit_of_tree(repository, entry(b"100644", name, repository.blob(content)))
    receipt = mined_home.mine(repository.path)
    assert receipt.cursor["faults"] == {fault: 1}
    rows = mined_home.rows("commit_files").select("commit_hash", "path").rows()
    assert (first, name.decode()) in rows
    assert len(mined_home.commits()) == 2


def test_a_submodule_without_a_commit_is_read(repository, mined_home):
    commit_of_tree(repository, entry(b"160000", b"sub", "0" * 40))
    assert mined_home.mine(repository.path).cursor["faults"] == {"nullSha1": 1}
    assert len(mined_home.commits()) == 2


def test_what_git_refuses_whatever_its_settings_are_is_read(repository, mined_home):
    """git lets nobody demote this fault."""
    repository.commit(b"odd", headers=b"x\0y z\n")
    repository.commit(b"fine", {"a": b"x\n"})
    assert mined_home.mine(repository.path).cursor["faults"] == {"nulInHeader": 1}
    assert len(mined_home.commits()) == 2
    repository.commit(b"more", {"a": b"y\n"})
    assert mined_home.mine(repository.path, day=1).cursor["faults"] == {}
    assert len(mined_home.commits()) == 3


def test_a_tag_with_entries_of_its_own_is_read(repository, mined_home):
    tip = repository.commit(b"c", {"a": b"x\n"})
    raw = f"object {tip}\ntype commit\ntag odd name\n\na tag\n".encode()
    write = ("hash-object", "-w", "--literally", "--stdin", "-t", "tag")
    repository.ref("refs/tags/odd", repository.text(*write, stdin=raw))
    faults = mined_home.mine(repository.path).cursor["faults"]
    assert faults == {"badTagName": 1, "missingTaggerEntry": 1}
    assert mined_home.rows("tags")["tag_name"].to_list() == ["odd name"]


def test_a_tree_that_cannot_be_read_fails_the_source(repository, mined_home):
    """The git that serves it does not name it."""
    commit_of_tree(repository, b"100644 cut off")
    with pytest.raises(SourceDenied) as caught:
        mined_home.mine(repository.path)
    assert caught.value.problem == "the repository is damaged (too-short tree object)"
    assert mined_home.commits() == {}


def test_an_object_that_is_not_there_fails_the_source_and_is_named(repository, mined_home):
    blob = repository.blob(b"to be lost\n")
    repository.commit(b"c", {"a": b"to be lost\n"})
    (repository.path / ".git/objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(SourceDenied, match="the repository is damaged") as caught:
        mined_home.mine(repository.path)
    assert blob in caught.value.problem


REMOTE = """fatal: Could not read from remote repository.

Please make sure you have the correct access rights
and the repository exists.
"""
UNKNOWN = """warning: Skipping unknown msg id 'badgpgsig'
error: odd thing
fatal: the first
fatal: the second
"""
LOOSE = f"""error: inflate: data stream error
error: unable to unpack {"a" * 40} header
fatal: loose object {"a" * 40} (stored in objects/aa) is corrupt
"""


@pytest.mark.parametrize(
    ("stderr", "problem"),
    [
        (REMOTE, "git fetch failed (Could not read from remote repository.)"),
        (UNKNOWN, "git fetch failed (the first)"),
        ("", "git fetch failed (exit 128)"),
        (LOOSE, f"the repository is damaged (unable to unpack {'a' * 40} header)"),
    ],
)
def test_the_first_words_of_git_are_shown(stderr, problem):
    assert translate("x/app", GitFailed("fetch", 128, stderr)).problem == problem


def test_an_object_counts_once_for_each_fault():
    warning = f"warning: object {'b' * 40}: badTimezone: invalid line"
    other = f"warning: object {'b' * 40}: zeroPaddedDate: invalid line"
    lines = [warning, warning, other, "warning: Skipping unknown msg id 'x'"]
    assert tolerated_faults(lines) == {"badTimezone": 1, "zeroPaddedDate": 1}
