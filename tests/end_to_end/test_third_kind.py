"""Test a third tracker kind from the settings to the marts."""

from __future__ import annotations

import csv
import io

import pytest

from flows.run.run_records import NEW, UNCHANGED, read_runs
from miners.tracker.kinds import KINDS
from tests.support.fakes.fake_forge import FORGE, NAME, forge
from tests.support.fakes.hosts import host
from tests.support.git.repositories import Repository
from tests.support.running.commands import call_quarry

TOKEN = "forge-token-of-the-tests"
PATH = "o/r"


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory):
    """Register the kind, run the command for settings that name a host of it, and keep both."""
    folder = tmp_path_factory.mktemp("forge")
    repository = Repository.make(folder / "www" / f"{PATH}.git", bare=True)
    hidden = b"Bo <7~bo@hidden.forge.example> 1704070800 +0000"
    commit = repository.commit(b"Fix it (#2)\n", {"a": b"1\n"}, author=hidden, committer=hidden)
    with (
        pytest.MonkeyPatch.context() as patch,
        host(folder / "www", _answer(commit)) as (url, seen),
    ):
        patch.setitem(KINDS, NAME, FORGE)
        (folder / "quarry.toml").write_text(_settings(url))
        yield _Pipeline(folder, url, seen, commit)


class _Pipeline:
    def __init__(self, folder, url, seen, commit):
        self.folder, self.url, self.seen, self.commit = folder, url, seen, commit
        self.planned = self.call("plan")
        self.ran = self.call("run")

    def call(self, *arguments):
        return call_quarry(self.folder, *arguments, OWN_TOKEN=TOKEN)

    def rows(self, query):
        code, output, problems = self.call("query", query, "--format", "csv")
        assert code == 0, problems
        return [tuple(line) for line in csv.reader(io.StringIO(output))][1:]


def _answer(commit):
    issue = {
        "number": 1,
        "is_change": False,
        "title": "Broken",
        "author": "ann",
        "created_at": "2024-01-02T00:00:00Z",
        "updated_at": "2024-01-05T00:00:00Z",
        "closed_at": "2024-01-05T00:00:00Z",
    }
    change = issue | {
        "number": 2,
        "is_change": True,
        "title": "Fix it",
        "author": "forge-runner",
        "head": {"branch": "fix", "commit": commit},
    }
    return forge(PATH, [issue, change], f"https://forge.example/{PATH}")


def _settings(url):
    return f"""
        home = "home"
        [rules]
        left_out_authors = []
        [[hosts]]
        name = "{url.removeprefix("http://")}"
        kind = "forge"
        api = "{url}/rest"
        token_env = "OWN_TOKEN"
        [[sources]]
        location = "{url}/o"
        kind = "group"
        [[projects]]
        name = "p"
        sources = ["{url}/o"]
    """


def test_a_run_mines_builds_and_publishes_it(pipeline):
    code, _, problems = pipeline.ran
    assert code == 0, problems
    run = min(read_runs(pipeline.folder / "home" / "runs"), key=lambda run: run.run_id)
    repository = pipeline.url.removeprefix("http://") + f"/{PATH}"
    assert {outcome.source: outcome.state for outcome in run.outcomes} == {
        repository: NEW,
        f"{repository}#tracker": NEW,
    }
    logins = {headers.get("Authorization") for headers in pipeline.seen}
    assert f"Forge {TOKEN}" in logins


def test_its_limit_is_counted_in_its_own_window(pipeline):
    assert "40 of 300 an hour left" in pipeline.planned[1]


def test_its_items_are_facts(pipeline):
    issues = pipeline.rows("select issue_number, author_login, state from facts.issues")
    changes = pipeline.rows(
        "select change_request_number, author_login, merge_commit_hash from facts.change_requests"
    )
    assert issues == [("1", "ann", "closed")]
    assert changes == [("2", "forge-runner", pipeline.commit)]


def test_its_figures_are_in_the_marts(pipeline):
    counted = pipeline.rows(
        "select kpi, value from marts.kpi_quarterly where project = 'p' and source = '*' "
        "and quarter = '2024-Q1' and kpi in ('commits', 'issues_closed', 'change_requests_merged') "
        "order by kpi"
    )
    assert [(kpi, float(value)) for kpi, value in counted] == [
        ("change_requests_merged", 1),
        ("commits", 1),
        ("issues_closed", 1),
    ]


def test_its_accounts_addresses_and_pages_are_known(pipeline):
    """The bots of the kind, the addresses that hide its accounts, and the page of a commit."""
    assert pipeline.rows("select login, account_kind from facts.accounts order by login") == [
        ("ann", "person"),
        ("forge-runner", "bot"),
    ]
    assert pipeline.rows("select person_id, identity_rule from facts.identities") == [
        ("bo@hidden.forge.example", "noreply_login")
    ]
    pages = pipeline.rows(
        "select distinct subject_url from figures.kpi_evidence where subject_type = 'commit'"
    )
    assert pages == [(f"https://forge.example/{PATH}/tree/{pipeline.commit}",)]


def test_a_second_run_finds_nothing_new(pipeline):
    code, _, problems = pipeline.call("run")
    assert code == 0, problems
    newest = max(read_runs(pipeline.folder / "home" / "runs"), key=lambda run: run.run_id)
    assert [outcome.state for outcome in newest.outcomes] == [UNCHANGED, UNCHANGED]


def test_the_settings_name_it(pipeline):
    """The template lists its host and token, and a wrong kind is answered with all of them."""
    pipeline.call("init", "--config", "new.toml")
    template = (pipeline.folder / "new.toml").read_text("utf-8")
    assert "#   forge.example: FORGE_TOKEN\n" in template
    assert '# kind = "forge"                        # or "github", "gitlab"\n' in template
    (pipeline.folder / "wrong.toml").write_text('[[hosts]]\nname = "x"\nkind = "forg"\n')
    code, _, problems = pipeline.call("status", "--config", "wrong.toml")
    assert code == 1
    assert "unknown value; use 'github', 'gitlab' or 'forge'; did you mean 'forge'?" in problems
