"""Test calls of git: environment, time limits and failures."""

from __future__ import annotations

from dataclasses import replace

import pytest

from miners.errors import SourceUnavailable
from miners.git.command import GitFailed, SafeGit
from miners.git.hardening import ENVIRONMENT
from miners.plan import HostEnvironment
from tests.support.git.repositories import HOST
from tests.support.running.clocks import without_hanging


@pytest.fixture
def safe_git(repository):
    return SafeGit(git_dir=repository.path / ".git", host=HOST)


def test_git_sees_what_is_pinned_and_nothing_that_is_not_kept(repository, monkeypatch):
    """Also where our own environment names the very things that are pinned."""
    ours = {**dict.fromkeys(ENVIRONMENT, "ours"), "GIT_CONFIG_COUNT": "7", "APP_TOKEN": "s3cr3t"}
    for name, value in ours.items():
        monkeypatch.setenv(name, value)
    host = HostEnvironment(HOST.kept, tuple(ours))
    git = SafeGit(git_dir=repository.path / ".git", host=host, variables={"GIT_CONFIG_COUNT": "0"})
    seen = dict(line.split("=", 1) for line in git.lines("-c", "alias.see=!env", "see"))
    assert ENVIRONMENT.items() <= seen.items()
    assert (seen["GIT_ALLOW_PROTOCOL"], seen["GIT_CONFIG_COUNT"]) == ("none", "0")
    assert "APP_TOKEN" not in seen


def test_a_failure_holds_what_git_said(safe_git):
    with pytest.raises(GitFailed) as caught:
        safe_git.run("cat-file", "commit", "1" * 40)
    assert (caught.value.command, caught.value.status) == ("cat-file", 128)
    assert "bad file" in caught.value.stderr
    assert not caught.value.has_timed_out


def test_what_takes_too_long_is_ended_with_all_that_it_started(repository):
    git = SafeGit(git_dir=repository.path / ".git", host=HOST, timeout_seconds=0.3)
    with without_hanging(), pytest.raises(GitFailed) as caught:
        git.run("-c", "alias.stall=!sleep 600 & wait", "stall")
    assert caught.value.has_timed_out


def test_an_error_about_a_cut_answer_gives_way_to_git_own(safe_git):
    breaking = "alias.break=!echo half; echo it broke >&2; exit 3; :"
    with (
        pytest.raises(GitFailed, match="it broke"),
        safe_git.stream("-c", breaking, "break") as output,
    ):
        int(output.read())


def test_an_error_of_ours_stays_ours_and_ends_git(repository, safe_git):
    endless = f"{repository.commit()}\n".encode() * 1_000_000
    with (
        without_hanging(),
        pytest.raises(ValueError, match="invalid literal"),
        safe_git.stream("cat-file", "--batch", stdin=endless) as output,
    ):
        int(output.read(50))


def test_large_input_and_output_do_not_block_each_other(safe_git):
    names = "".join(f"{number:040}\n" for number in range(100_000)).encode()
    answers = safe_git.lines("cat-file", "--batch-check", stdin=names)
    assert len(answers) == 100_000
    assert answers[-1] == f"{99_999:040} missing"


def test_git_may_allocate_what_the_host_allows_and_map_more(repository, tmp_path):
    """Whatever git is found first on the path is started under the limit."""
    script = tmp_path / "git"
    script.write_text("#!/bin/sh\nulimit -d\nulimit -v\n")
    script.chmod(0o755)
    host = HostEnvironment({"PATH": f"{tmp_path}:{HOST.kept['PATH']}"}, (), 256 << 20)
    git = SafeGit(git_dir=repository.path / ".git", host=host)
    assert git.lines("log") == [str(256 << 10), "unlimited"]


def test_a_repository_that_needs_more_memory_fails_by_that(repository, mined_home):
    repository.commit(b"large", {"a": bytes(120 << 20)})
    host = replace(HOST, git_memory_bytes=96 << 20)
    with pytest.raises(SourceUnavailable, match="needs more memory than git is given"):
        mined_home.mine(repository.path, host=host)
    assert mined_home.mine(repository.path).rows("commits") == 1


def test_ssh_asks_nobody_and_trusts_no_unknown_host(repository, tmp_path):
    """What is found first on the path as ssh is what git starts."""
    script, said = tmp_path / "ssh", tmp_path / "said"
    script.write_text(f'#!/bin/sh\necho "$@" > "{said}"\nexit 1\n')
    script.chmod(0o755)
    host = HostEnvironment({"PATH": f"{tmp_path}:{HOST.kept['PATH']}"}, ("GIT_SSH_COMMAND",))
    git = SafeGit(git_dir=repository.path / ".git", host=host, protocol="ssh")
    with pytest.raises(GitFailed):
        git.run("ls-remote", "ssh://git@host.example/team/app.git")
    options = said.read_text().split()
    assert {"-oBatchMode=yes", "-oStrictHostKeyChecking=yes"} <= {*options}
    assert options[:2] == ["-F", "/dev/null"]
