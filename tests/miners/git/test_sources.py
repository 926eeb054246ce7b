"""Test every address and every state of a repository."""

from __future__ import annotations

import os
import shutil

import pytest

from miners.errors import SourceDenied
from tests.support.fakes.hosts import host
from tests.support.git.repositories import HOST, HostEnvironment, MinedHome, Repository, git


def test_a_worktree_a_linked_one_a_bare_one_and_a_file_url_give_the_same(small, tmp_path):
    git(small.path, "reset", "--quiet", "--hard")
    git(small.path, "worktree", "add", "--quiet", "--detach", str(tmp_path / "linked"), "main")
    git(tmp_path, "clone", "--quiet", "--bare", str(small.path), "bare.git")
    places = [small.path, tmp_path / "linked", tmp_path / "bare.git", f"file://{small.path}"]
    found = []
    for number, place in enumerate(places):
        home = MinedHome(tmp_path / f"home-{number}")
        home.mine(place)
        facts = home.rows("commits").drop("source").sort("commit_hash").rows()
        found.append((facts, {name: at for name, at in home.refs().items() if name != "HEAD"}))
    assert len(found[0][0]) == 3
    assert all(each == found[0] for each in found)


def test_http_gives_the_same_as_the_path(small, tmp_path, mined_home):
    with host(small.path.parent) as (address, _):
        mined_home.mine(f"{address}/repository")
        small.commit(b"three", {"a": b"3\n"})
        mined_home.mine(f"{address}/repository", day=1)
    by_path = MinedHome(tmp_path / "by-path")
    by_path.mine(small.path)
    assert mined_home.commits().keys() == by_path.commits().keys()
    assert mined_home.refs() == by_path.refs()


def test_an_empty_repository_is_empty_and_fills_later(repository, mined_home):
    receipt = mined_home.mine(repository.path)
    assert mined_home.rows("repositories")["is_empty"].to_list() == [True]
    assert (receipt.rows("commits"), receipt.cursor["refs"]) == (0, {})
    assert mined_home.mine(repository.path, day=1).files == ()
    made = repository.commit(files={"a": b"1\n"})
    mined_home.mine(repository.path, day=2)
    assert mined_home.commits().keys() == {made}
    assert mined_home.rows("repositories")["is_empty"].to_list() == [True, False]


def test_an_empty_repository_of_sha256_fills_later(tmp_path, mined_home):
    repository = Repository.make(tmp_path / "repository", "--object-format=sha256")
    mined_home.mine(repository.path)
    made = repository.commit(files={"a": b"1\n"})
    assert len(made) == 64
    mined_home.mine(repository.path, day=1)
    assert mined_home.commits().keys() == {made}
    assert mined_home.rows("commit_files")["lines_added"].to_list() == [1]
    assert mined_home.rows("repositories")["object_format"].to_list() == ["sha1", "sha256"]


def test_a_repository_that_lost_all_commits_is_not_taken_for_an_empty_one(small, mined_home):
    mined_home.mine(small.path)
    before = mined_home.refs()
    for name in small.text("for-each-ref", "--format=%(refname)").split():
        small.git("update-ref", "-d", name)
    for is_full in (False, True):
        with pytest.raises(
            SourceDenied, match=r"it has no commit any more\. Restore it, or correct"
        ):
            mined_home.mine(small.path, day=1, is_full=is_full)
    assert mined_home.refs() == before
    assert mined_home.rows("repositories")["is_empty"].to_list() == [False]


def test_replacements_and_grafts_hide_nothing(small, mined_home):
    tip = small.text("rev-parse", "main")
    small.git("replace", "--graft", tip)
    (small.path / ".git/info").mkdir(exist_ok=True)
    (small.path / ".git/info/grafts").write_text(f"{tip}\n")
    mined_home.mine(small.path)
    assert mined_home.rows("commits").height == 3
    assert mined_home.commits()[tip]["parent_hashes"] != ""


def test_configuration_of_the_user_and_variables_change_nothing(small, tmp_path):
    """The same rows come with a home folder and an environment that are set against it."""
    small.commit(b"renamed", {"c": b"1\n" * 9, ".mailmap": b"Eve <eve@x> <ada@example.org>\n"})
    plain = MinedHome(tmp_path / "plain")
    plain.mine(small.path)
    hostile = tmp_path / "user"
    hostile.mkdir()
    (hostile / ".gitconfig").write_text(
        "[diff]\n renames = false\n noprefix = true\n context = 0\n algorithm = patience\n"
        "[log]\n mailmap = true\n showRoot = false\n[core]\n quotePath = true\n abbrev = 4\n"
        "[i18n]\n logOutputEncoding = latin-1\n[protocol]\n allow = never\n[color]\n ui = always\n"
    )
    variables = {
        "PATH": HOST.kept["PATH"],
        "HOME": str(hostile),
        "GIT_CONFIG_GLOBAL": str(hostile / ".gitconfig"),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "log.showRoot",
        "GIT_CONFIG_VALUE_0": "false",
        "GIT_DIR": str(tmp_path),
        "GIT_OBJECT_DIRECTORY": str(tmp_path),
        "GIT_EXTERNAL_DIFF": "false",
        "GIT_DIFF_OPTS": "--unified=0",
        "GIT_TRACE": "1",
        "GIT_NAMESPACE": "elsewhere",
        "LC_ALL": "ko_KR.EUC-KR",
        "TZ": "Asia/Seoul",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        disturbed = MinedHome(tmp_path / "disturbed")
        kept = {"PATH": variables.pop("PATH")}
        disturbed.mine(small.path, host=HostEnvironment(kept, tuple(variables)))
    for record in ("commits", "commit_files", "refs", "reachability", "mailmap_entries"):
        expected = sorted(map(repr, plain.rows(record).rows()))
        assert expected == sorted(map(repr, disturbed.rows(record).rows()))
    assert set(plain.rows("commits")["author_name"]) == {"Ada"}


def test_what_is_unchanged_is_said_in_a_receipt_without_files(small, mined_home):
    assert mined_home.mine(small.path).files
    assert mined_home.mine(small.path, day=1).files == ()
    small.commit(b"three", {"a": b"3\n"})
    receipt = mined_home.mine(small.path, day=2)
    assert (receipt.rows("commits"), receipt.rows("commit_files")) == (1, 1)


def test_a_full_reading_gives_everything_again_and_changes_nothing(small, mined_home):
    mined_home.mine(small.path)
    before = mined_home.reachable(), mined_home.refs(), mined_home.commits().keys()
    receipt = mined_home.mine(small.path, day=1, is_full=True)
    assert receipt.rows("commits") == 3
    assert before == (mined_home.reachable(), mined_home.refs(), mined_home.commits().keys())


@pytest.mark.parametrize("has_mirror", [True, False])
def test_a_full_reading_keeps_what_only_another_branch_reaches(small, mined_home, has_mirror):
    """What left the default branch, or every branch, is recorded, and nothing else."""
    side = small.text("rev-parse", "feature/x")
    base, left = small.commit(b"base", {"a": b"3\n"}), small.commit(b"left", {"a": b"4\n"})
    small.ref("refs/heads/kept", small.commit(b"kept", {"a": b"5\n"}, parents=[left]))
    gone = small.commit(b"gone", {"a": b"6\n"}, ref="refs/heads/gone")
    mined_home.mine(small.path)
    small.ref("refs/heads/main", base)
    small.git("update-ref", "-d", "refs/heads/gone")
    if not has_mirror:
        shutil.rmtree(mined_home.mirror())
    mined_home.mine(small.path, day=1, is_full=True)

    on_main = set(small.text("rev-list", "main").split())
    kept = set(small.text("rev-list", "kept").split())
    assert mined_home.reachable("default_branch") == on_main
    assert mined_home.reachable() == {*on_main, *kept, side}
    assert gone in mined_home.commits().keys() - mined_home.reachable()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give files to another user")
@pytest.mark.parametrize("place", ["repository", "linked"])
def test_a_repository_of_another_user_is_read_once_that_user_is_trusted(
    place, small, mined_home, tmp_path
):
    git(small.path, "worktree", "add", "--quiet", "--detach", str(tmp_path / "linked"), "main")
    for folder in (small.path, tmp_path / "linked"):
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, 1234, 1234)
    with pytest.raises(SourceDenied, match="owner_is_trusted = true"):
        mined_home.mine(tmp_path / place)
    mined_home.mine(tmp_path / place, is_owner_trusted=True)
    assert mined_home.rows("commits").height == 3
