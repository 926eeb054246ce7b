"""Test the quarry command, from `quarry init` to a figure."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from flows.run.lock import sole_run
from miners.store import sha256_of
from tests.support.fakes.hosts import host
from tests.support.git.repositories import Repository
from tests.support.running.commands import call_quarry

SECRET = "s3cr3t-t0k3n"
ROOT = Path(__file__).parents[3]
HELP = """
import sys
from flows.cli.main import app
try:
    app(['--help'])
except SystemExit:
    heavy = {'prefect', 'duckdb', 'polars', 'git', 'pydantic'} & set(sys.modules)
    sys.exit(str(sorted(heavy)) if heavy else 0)
"""


@pytest.fixture
def quarry(tmp_path):
    """Call quarry in an empty folder; returns the exit code and all that was printed."""
    folder = tmp_path / "work"
    folder.mkdir()

    def call(*arguments, **variables):
        code, said, complained = call_quarry(folder, *arguments, **variables)
        return code, said + complained

    call.folder = folder
    return call


@pytest.fixture
def repositories(tmp_path):
    made = {}
    for name in ("one", "two"):
        made[name] = Repository.make(tmp_path / name)
        made[name].commit(b"start", {"a": b"1\n"})
        side = made[name].commit(b"side", {"a": b"1\n", "b": b"2\n"}, ref="refs/heads/side")
        main = made[name].commit(b"more", {"a": b"1\n2\n"})
        made[name].commit(b"merge", {"a": b"1\n2\n", "b": b"2\n"}, parents=[main, side])
    return made


def settings(quarry, *sources, more=""):
    named = ", ".join(json.dumps(str(source)) for source in sources)
    text = f'home = "home"\n{more}\n[[projects]]\nname = "all"\nsources = [{named}]\n'
    (quarry.folder / "quarry.toml").write_text(text)


def answer(quarry, sql):
    code, said = quarry("query", sql, "--format", "csv")
    assert code == 0, said
    return list(csv.reader(io.StringIO(said)))[1:]


def test_the_help_shows_every_description_whole(quarry):
    code, said = quarry("--help", COLUMNS="80")

    assert code == 0
    assert max(map(len, said.splitlines())) <= 80
    commands = said.partition("Commands:")[2].splitlines()
    assert [line for line in commands if line.endswith("...")] == []
    assert len(commands) > 15


def test_doctor_sends_nobody_into_a_run_in_progress(quarry, repositories):
    settings(quarry, repositories["one"].path)
    with sole_run(quarry.folder / "home" / "runs"):
        code, said = quarry("doctor")

    assert code == 0
    assert "warn  lock: a run is in progress" in said
    assert said.endswith("All checks passed. Next: wait for the run in progress.\n")
    assert quarry("doctor")[1].endswith("All checks passed. Next: `quarry run`.\n")


def test_from_init_to_an_answer(quarry, repositories):
    """Init explains, doctor agrees, run publishes, and query and status answer."""
    code, said = quarry("init")
    assert code == 0
    assert "quarry doctor" in said
    assert quarry("init")[0] == 1
    file = quarry.folder / "quarry.toml"
    sources = [str(made.path) for made in repositories.values()]
    file.write_text(file.read_text().replace('sources = ["."]', f"sources = {json.dumps(sources)}"))
    code, said = quarry("doctor")
    assert code == 0, said
    assert "a run would read all of it, for the first time" in said
    code, said = quarry("run")
    assert code == 0, said
    assert "completed" in said
    rows = answer(quarry, "select source, count(*) from facts.commits group by all order by all")
    assert rows == [[source, "4"] for source in sorted(sources)]
    code, said = quarry("status")
    assert code == 0
    assert "completed" in said
    assert "nothing new since the last run" in quarry("doctor")[1]
    assert (quarry.folder / "data/exports/current/manifest.json").is_file()
    assert readable_by_others(quarry.folder / "data") == []
    assert file.stat().st_mode & 0o044  # it is the user's own


def readable_by_others(folder):
    """List the files and folders that others than their owner may read or write."""
    paths = [folder, *folder.rglob("*")]
    return [path for path in paths if not path.is_symlink() and path.stat().st_mode & 0o077]


@pytest.mark.usefixtures("few_models")
def test_sources_that_fail_are_named_and_stop_nobody(quarry, repositories, tmp_path):
    """Exit code 3: the others are read and published, and each failure says what to do."""
    Repository.make(tmp_path / "empty")
    with host(answer=lambda request, _: request.say(401, WWW_Authenticate="Basic")) as (url, _):
        settings(
            quarry,
            repositories["one"].path,
            tmp_path / "gone",
            tmp_path / "empty",
            f"{url}/private",
            f"https://user:{SECRET}@host.example/team/app.git",
            "ext::sh -c 'touch pwned'",
            "https://host.example/closed",
            repositories["two"].path,
            more='[[sources]]\nlocation = "https://host.example/closed"\ntoken_env = "NO_TOKEN"\n',
        )
        code, said = quarry("run")
    assert code == 3, said
    said = " ".join(said.split())
    assert "this path does not exist" in said
    assert "Name the environment variable with a token as token_env" in said
    assert "the URL contains credentials" in said
    assert "not an address that Quarry reads" in said
    assert "$NO_TOKEN is not set" in said
    assert "completed with failed sources" in said
    assert SECRET not in said
    assert answer(quarry, "select count(*), count(distinct source) from facts.commits") == [
        ["8", "2"]
    ]
    assert answer(quarry, "select is_empty from facts.repositories order by source") == [
        ["true"], ["false"], ["false"]
    ]  # fmt: skip
    (record,) = (quarry.folder / "home/runs").glob("*.json")
    states = [outcome["state"] for outcome in json.loads(record.read_text())["outcomes"]]
    assert sorted(states) == ["empty", *["failed"] * 5, "new", "new"]
    for path in (quarry.folder / "home").rglob("*"):
        assert not path.is_file() or SECRET.encode() not in path.read_bytes()
    code, said = quarry("status")
    assert code == 0
    assert "failed" in said
    assert SECRET not in said
    code, said = quarry("doctor")
    assert code == 1
    assert SECRET not in said


def test_a_run_of_which_nothing_comes_has_failed(quarry, tmp_path):
    code, said = quarry("run", tmp_path / "gone", "--home", "home")
    assert code == 1
    assert "this path does not exist" in said


def test_an_unknown_setting_is_named_with_the_nearest_right_one(quarry):
    (quarry.folder / "quarry.toml").write_text("[calendar]\nfirst_mounth = 4\n")
    code, said = quarry("run", ".")
    assert code == 1
    assert "calendar.first_mounth: unknown setting; did you mean 'first_month'?" in said
    assert quarry("doctor")[0] == 1


@pytest.mark.usefixtures("few_models")
def test_later_runs_read_what_is_new_and_replay_gives_the_same_bytes(quarry, repositories):
    """Also when the mirrors and the sources are deleted: the store is all that is needed."""
    one = repositories["one"]
    settings(quarry, one.path)
    assert quarry("run")[0] == 0
    one.commit(b"later", {"a": b"3\n"})
    assert quarry("run")[0] == 0
    assert quarry("run")[0] == 0
    assert answer(quarry, "select count(*) from facts.commits") == [["5"]]
    home = quarry.folder / "home"

    def exported():
        files = [p for p in (home / "exports/current").rglob("*") if p.is_file()]
        return {p.relative_to(home / "exports/current"): sha256_of(p) for p in files}

    before = exported()
    one.path.rename(one.path.with_name("away"))
    (home / "mirrors").rename(home / "moved")
    assert quarry("replay")[0] == 0
    assert exported() == before


@pytest.mark.usefixtures("few_models")
def test_a_damaged_file_of_the_store_fails_the_run_and_leaves_what_was_published(
    quarry, repositories
):
    settings(quarry, repositories["one"].path)
    assert quarry("run")[0] == 0
    repositories["one"].commit(b"later", {"a": b"3\n"})
    (quarry.folder / "home/quarry.duckdb").unlink()
    found = next((quarry.folder / "home/store").rglob("commits-0001.parquet"))
    found.write_bytes(found.read_bytes()[:-1] + b"x")
    before = (quarry.folder / "home/exports/current").readlink()
    code, said = quarry("run")
    assert code == 1
    assert "commits-0001.parquet" in "".join(said.split())
    assert (quarry.folder / "home/exports/current").readlink() == before


def test_a_question_before_the_first_run_says_what_to_do(quarry):
    code, said = quarry("query", "select 1", "--home", "home")
    assert code == 1
    assert "quarry run" in said


def test_help_answers_without_loading_what_commands_need():
    done = subprocess.run(
        [sys.executable, "-c", HELP], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Mine Git repositories" in done.stdout
