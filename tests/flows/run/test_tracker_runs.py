"""Test runs with trackers: mined, skipped, deferred, and no token printed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from flows.cli.console import console
from flows.cli.run import print_run
from flows.run import rate_limits
from flows.run.run_records import (
    COMPLETED,
    COMPLETED_WITH_FAILURES,
    EMPTY,
    FAILED,
    NEW,
    UNCHANGED,
    read_runs,
)
from flows.run.setup_checks import check_setup
from flows.settings.workspace import context_of, open_workspace
from tests.support.fakes.apis import empty_github, say_json
from tests.support.fakes.hosts import host
from tests.support.fakes.token_shapes import shapes
from tests.support.git.repositories import Repository
from tests.support.running.clocks import SkippingClock
from tests.support.running.runs import run_once

TOKEN = "ghp_0123456789abcdefghijABCDEFGHIJ012345"
ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.usefixtures("few_models")


@pytest.fixture(autouse=True)
def token(monkeypatch):
    monkeypatch.setenv("OWN_TOKEN", TOKEN)


@pytest.fixture
def served(tmp_path):
    """Serve an API, and repositories below the folder www."""

    def serve(answer):
        (tmp_path / "www").mkdir()
        under = lambda request, path: path.startswith("/api/") and answer(request, path)  # noqa: E731
        return host(tmp_path / "www", under)

    return serve


@pytest.fixture
def opened(tmp_path):
    """Open a workspace with a GitHub at an address of this machine."""

    def opened(url, text, login='token_env = "OWN_TOKEN"'):
        name = url.removeprefix("http://")
        (tmp_path / "quarry.toml").write_text(
            f'home = "home"\n{text}\n[[hosts]]\nname = "{name}"\nkind = "github"\n'
            f'api = "{url}/api"\n{login}\n'
        )
        return open_workspace(tmp_path / "quarry.toml", None)

    return opened


def tracker(url):
    return f'[[sources]]\nlocation = "{url}/o/r"\nkind = "tracker"\n'


def plain(folder, path):
    made = Repository.make(folder / "www" / path, bare=True)
    made.commit(b"one", {"a": b"1\n"})
    return made


def outcomes(ended):
    return {outcome.source.partition("/")[2]: outcome.state for outcome in ended.outcomes}


def test_a_tracker_in_which_there_is_nothing_is_empty(served, opened):
    with served(empty_github) as (url, seen):
        workspace = opened(url, tracker(url))
        states = [run_once(workspace).outcomes[0].state for _ in range(2)]
    assert states == [EMPTY, EMPTY]
    assert {headers["Authorization"] for headers in seen} == {f"token {TOKEN}"}


def test_a_run_says_whose_trackers_it_skipped_and_is_well(served, opened, tmp_path, capsys):
    with served(empty_github) as (url, seen):
        plain(tmp_path, "o/r.git")
        plain(tmp_path, "o/s.git")
        more = f'[[projects]]\nname = "p"\nsources = ["{url}/o/r.git", "{url}/o/s"]'
        workspace = opened(url, more, login="")
        ended = run_once(workspace)
    said = (
        f"{url.removeprefix('http://')}: 2 trackers skipped for lack of a token. "
        "Name token_env or token_file in its [[hosts]] entry."
    )
    assert (ended.state, outcomes(ended)) == (COMPLETED, {"o/r": NEW, "o/s": NEW})
    assert ended.notes == (said,)
    assert read_runs(workspace.runs) == [ended]
    assert not any("Authorization" in headers for headers in seen)
    print_run(console(), ended, workspace, [])
    command = [sys.executable, "-m", "flows.cli.main", "status", "--config", workspace.file]
    shown = subprocess.run(
        command, cwd=ROOT, env={"PATH": os.environ["PATH"]}, capture_output=True, check=True
    )
    assert said in capsys.readouterr().out
    assert said in shown.stdout.decode()


def test_a_group_is_mined_and_its_project_reports_all_of_it(served, opened, tmp_path):
    def answer(request, path):
        members = [{"id": 1, "full_name": "o/a"}, {"id": 2, "full_name": "o/b"}]
        return say_json(request, members if path == "/api/orgs/o/repos" else [])

    with served(answer) as (url, _):
        plain(tmp_path, "o/a.git")
        plain(tmp_path, "o/b.git")
        more = (
            f'[[sources]]\nlocation = "{url}/o"\nkind = "group"\ntracker = false\nname = "all"\n'
            f'[[sources]]\nlocation = "{url}/o/a"\ntracker = false\n'
            f'[[projects]]\nname = "p"\nsources = ["all", "{url}/o/a"]\n'
        )
        workspace = opened(url, more)
        first, second = run_once(workspace), run_once(workspace)
    assert outcomes(first) == {"o/a": NEW, "o/b": NEW}
    assert outcomes(second) == {"o/a": UNCHANGED, "o/b": UNCHANGED}
    name = url.removeprefix("http://")
    assert context_of(workspace).projects[0].sources == (f"{name}/o/a", f"{name}/o/b")


def test_a_group_that_cannot_be_listed_fails_and_the_others_are_published(served, opened, tmp_path):
    with served(lambda request, path: say_json(request, {"message": "no"}, 401)) as (url, _):
        plain(tmp_path, "o/a.git")
        more = f'[[sources]]\nlocation = "{url}/o"\nkind = "group"\n'
        more += f'[[sources]]\nlocation = "{url}/o/a"\ntracker = false\n'
        ended = run_once(opened(url, more))
    assert (ended.state, outcomes(ended)) == (COMPLETED_WITH_FAILURES, {"o/a": NEW, "o": FAILED})


def test_a_limited_tracker_is_tried_again_after_the_others(
    served, opened, tmp_path, capsys, monkeypatch
):
    asked, clock = [], SkippingClock()
    monkeypatch.setattr(rate_limits, "datetime", clock)
    monkeypatch.setattr(rate_limits, "time", clock)

    def answer(request, path):
        asked.append(clock.now(UTC))
        if len(asked) == 1:
            # Shorter waits the miner takes in place.
            return say_json(request, {"message": "slow down"}, 429, Retry_After=7)
        return empty_github(request, path)

    with served(answer) as (url, _):
        plain(tmp_path, "o/a.git")
        more = f'{tracker(url)}[[sources]]\nlocation = "{url}/o/a"\ntracker = false\n'
        ended = run_once(opened(url, more))
    said = capsys.readouterr().err
    assert (ended.state, outcomes(ended)) == (COMPLETED, {"o/r#tracker": EMPTY, "o/a": NEW})
    assert asked[1] - asked[0] > timedelta(seconds=6)
    assert said.index("a: new") < said.index("r tracker: waiting until ")


def test_a_limit_beyond_the_patience_of_a_run_is_a_failure_that_names_the_time(served, opened):
    def answer(request, path):
        return say_json(request, {"message": "slow down"}, 429, Retry_After=7200)

    with served(answer) as (url, _):
        ended = run_once(opened(url, tracker(url)))
    (outcome,) = ended.outcomes
    assert outcome.state == FAILED
    assert "rate limit" in outcome.problem
    assert "UTC" in outcome.problem


def test_no_token_of_any_shape_leaves_a_run(tmp_path, monkeypatch, capfd):
    """100 tokens from variables and files, to a server that repeats them in what it says."""
    tokens = [token for seed in range(10) for token in shapes(seed)]
    received = {}

    def answer(request, path):
        login = request.headers["Authorization"]
        received[path.split("/")[1]] = login
        return say_json(request, {"message": f"{login} may not read this"}, 403)

    with host(answer=answer) as (url, _):
        lines = ['home = "home"']
        for number, token in enumerate(tokens):
            lines += [
                f'[[hosts]]\nname = "h{number}.example"\nkind = "github"\napi = "{url}/h{number}"',
                f'[[sources]]\nlocation = "https://h{number}.example/o/r"\nkind = "tracker"',
            ]
            if number % 2:
                monkeypatch.setenv(f"TOKEN_{number}", token)
                lines.insert(-1, f'token_env = "TOKEN_{number}"')
            else:
                (tmp_path / f"token{number}").write_text(token + "\n")
                (tmp_path / f"token{number}").chmod(0o600)
                lines.insert(-1, f'token_file = "token{number}"')
        (tmp_path / "quarry.toml").write_text("\n".join(lines))
        workspace = open_workspace(tmp_path / "quarry.toml", None)
        ended = run_once(workspace)
        print_run(console(), ended, workspace, [])
    assert received == {f"h{n}": f"token {token}" for n, token in enumerate(tokens)}
    assert {outcome.state for outcome in ended.outcomes} == {FAILED}
    texts = ["".join(capfd.readouterr()), repr(workspace), repr(ended)]
    texts += [p.read_text("utf-8", "replace") for p in workspace.home.rglob("*") if p.is_file()]
    assert "may not read this" in texts[2]
    assert [token for token in tokens if any(token in text for text in texts)] == []


def test_doctor_checks_hosts_and_what_their_trackers_answer(served, opened, tmp_path):
    def answer(request, path):
        if path.startswith("/api/repos/o/closed"):
            return say_json(request, {"message": "Bad credentials"}, 401)
        return empty_github(request, path)

    with served(answer) as (url, _):
        closed = tracker(url).replace("o/r", "o/closed")
        lax = tmp_path / "lax"
        lax.write_text(TOKEN)
        lax.chmod(0o644)
        host_entry = '[[hosts]]\nname = "{}.example"\nkind = "gitlab"\n{}\n'
        more = tracker(url) + closed + host_entry.format("lax", 'token_file = "lax"')
        more += host_entry.format("none", 'token_env = "NOT_SET_ANYWHERE"')
        more += host_entry.format("ca", 'ca_file = "lax"')
        workspace = opened(url, more)
        found = {f.subject.removeprefix("host "): f for f in check_setup(workspace.file, None)}
    name = url.removeprefix("http://")
    assert found[name].is_ok
    assert found[name].detail == f"github at {url}/api, login from $OWN_TOKEN"
    assert found[f"{name}/o/r#tracker"].detail.startswith(
        "it responds; a run would read all of it, for"
    )
    closed = found[f"{name}/o/closed#tracker"]
    assert (closed.is_ok, closed.detail) == (False, "the token is not accepted")
    assert (found["lax.example"].is_ok, found["lax.example"].remedy) == (
        False,
        f"Run chmod 600 {lax}.",
    )
    assert (found["none.example"].is_ok, found["none.example"].remedy) == (
        False,
        "Put one into $NOT_SET_ANYWHERE.",
    )
    assert "is not a file of certificates" in found["ca.example"].detail
    assert TOKEN not in repr(found)


def test_a_plan_says_what_a_run_would_cost_and_writes_nothing(served, opened, tmp_path):
    with served(empty_github) as (url, _):
        plain(tmp_path, "o/r.git")
        more = f'[[sources]]\nlocation = "{url}/o/r"\n[[sources]]\nlocation = "{url}/o"\n'
        workspace = opened(url, more)
        command = [sys.executable, "-m", "flows.cli.main", "plan", "--config", workspace.file]
        shown, told = (
            subprocess.run(
                [*command, *form],
                cwd=ROOT,
                env={"PATH": os.environ["PATH"], "OWN_TOKEN": TOKEN},
                capture_output=True,
                check=False,
                text=True,
            )
            for form in ([], ["--format", "json"])
        )
    facts = json.loads(told.stdout)
    assert shown.returncode == told.returncode == 3, shown.stderr
    assert [source["kind"] for source in facts["sources"]] == ["Git", "tracker", ""]
    assert facts["sources"][1]["is_first"]
    assert facts["requests"] > 0
    assert "names no repository" in shown.stdout
    assert "Nothing was written." in shown.stdout
    assert not workspace.home.exists()
    assert TOKEN not in shown.stdout + told.stdout
