"""Test that hostile repositories run no program and write no file."""

from __future__ import annotations

import pytest

from miners.errors import MiningError
from tests.support.git.repositories import MinedHome

HOOKS = (
    "post-checkout", "pre-auto-gc", "post-update", "reference-transaction", "post-index-change",
    "pre-receive", "update", "proc-receive", "fsmonitor-watchman", "post-merge", "post-rewrite",
)  # fmt: skip


SETTINGS = """
[core]
    fsmonitor = "{program}"
    hooksPath = "{folder}/hooks"
    sshCommand = "{program}"
    gitProxy = "{program}"
    askPass = "{program}"
    pager = "{program}"
    editor = "{program}"
    alternateRefsCommand = "{program}"
    worktree = /etc
    attributesFile = "{folder}/../.gitattributes"
[include]
    path = included
[includeIf "gitdir:/"]
    path = included
[gpg]
    program = "{program}"
[diff]
    external = "{program}"
[diff "evil"]
    command = "{program}"
    textconv = "{program}"
[filter "evil"]
    clean = "{program}"
    smudge = "{program}"
    process = "{program}"
    required = true
[merge "evil"]
    driver = "{program}"
[credential]
    helper = "!{program}"
[uploadpack]
    packObjectsHook = "{program}"
[alias]
    log = "!{program}"
    cat-file = "!{program}"
    upload-pack = "!{program}"
[pager]
    log = "{program}"
[log]
    showSignature = true
[trailer "x"]
    command = "{program}"
[protocol "ext"]
    allow = always
[url "ext::{program} "]
    insteadOf = /
    insteadOf = https://
[gc]
    auto = 1
[maintenance]
    auto = true
[remote "origin"]
    url = ext::{program}
    uploadpack = "{program}"
    vcs = ext
"""


@pytest.fixture
def trap(tmp_path):
    """A program that leaves a mark wherever it is run from."""
    marks = tmp_path / "marks"
    marks.mkdir()
    program = tmp_path / "trap.sh"
    program.write_text(f'#!/bin/sh\nenv > "{marks}/$$"\ncat >/dev/null 2>&1 || true\n')
    program.chmod(0o755)
    return program, marks


@pytest.fixture
def hostile(repository, trap):
    """A repository in which every setting that names a program names the trap."""
    program, _ = trap
    attributes = b"* filter=evil diff=evil merge=evil ident export-subst\n"
    for text in (b"one\n", b"two\n"):
        signed = b"gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n"
        repository.commit(b"c", {"a": text, ".gitattributes": attributes}, headers=signed)
    repository.tag("signed", repository.text("rev-parse", "main"))
    folder = repository.path / ".git"
    for name in HOOKS:
        (folder / "hooks").mkdir(exist_ok=True)
        (folder / "hooks" / name).symlink_to(program)
    (folder / "included").write_text(f'[core]\n\tpager = "{program}"\n\tfsmonitor = "{program}"\n')
    with (folder / "config").open("a") as config:
        config.write(SETTINGS.format(program=program, folder=folder))
    return repository


def test_nothing_in_a_repository_runs_while_it_is_mined(hostile, mined_home, trap):
    """Mined twice, so that all of cloning, fetching and reading had its chance."""
    mined_home.mine(hostile.path)
    assert list(trap[1].iterdir()) == []
    hostile.commit(b"more", {"a": b"three\n"})
    by_plain_git = list(trap[1].iterdir())
    assert by_plain_git
    for mark in by_plain_git:
        mark.unlink()
    mined_home.mine(hostile.path, day=1, is_full=True)
    assert len(mined_home.commits()) == 3
    assert list(trap[1].iterdir()) == []


def test_nothing_runs_for_a_promise_that_objects_are_elsewhere(repository, mined_home, trap):
    """What serves the objects would fetch the missing one, by a program that the settings name."""
    repository.commit(b"c", {"a": b"one\n"})
    with (repository.path / ".git/config").open("a") as config:
        config.write("[extensions]\n\tpartialClone = origin\n")
        config.write(f'[remote "origin"]\n\tpromisor = true\n\turl = {repository.path}\n')
        config.write(f'\tuploadpack = "{trap[0]}"\n')
    blob = repository.text("rev-parse", "main:a")
    (repository.path / ".git/objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(MiningError):
        mined_home.mine(repository.path)
    assert list(trap[1].iterdir()) == []


@pytest.mark.parametrize(
    "files",
    [
        {".gitmodules": b'[submodule "a"]\n\turl = -u./trap\n\tpath = a\n'},
        {".gitmodules": b'[submodule "../../x"]\n\turl = https://x/y\n\tpath = a\n'},
    ],
)
def test_trees_made_to_attack_a_checkout_are_read_and_never_checked_out(
    files, repository, tmp_path
):
    repository.commit(b"trap", files)
    home = MinedHome(tmp_path / "home")
    home.mine(repository.path)
    assert home.rows("commit_files")["path"].to_list() == [".gitmodules"]
    assert not list(home.path.rglob("*gitmodules*"))
    assert not (tmp_path / "x").exists()
