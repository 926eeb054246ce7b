"""Test the row counts in a tracker's outcome."""

from __future__ import annotations

import pytest

from flows.run import mine as run_mine
from flows.run.job import Job
from flows.run.mine import mine_source
from flows.run.run_records import NEW, UNCHANGED, new_run
from flows.settings.workspace import open_workspace
from miners.errors import SourceUnavailable
from miners.plan import HostEnvironment, MiningPlan
from miners.tracker import http, writer
from tests.support.fakes.fake_github import fake_github, message
from tests.support.git.repositories import DAY_ONE
from tests.support.running.tracker_homes import tracker_source


class Unwatched:
    """A progress that nobody follows."""

    def source(self, *_):
        """Say nothing."""


@pytest.fixture
def github():
    with fake_github() as fake:
        for number in (1, 2, 3):
            fake.repository().issue(number) if number == 1 else fake.repositories[
                "ada/orchard"
            ].issue(number)
        yield fake


def plan(folder, run):
    return MiningPlan(
        store=folder / "store",
        mirrors=folder / "mirrors",
        run_id=f"run-{run}",
        observed_at=DAY_ONE,
        host=HostEnvironment({}),
    )


def test_a_run_counts_the_rows_that_it_stored_itself(github, tmp_path):
    source = tracker_source(github.url)
    first, second, third = (plan(tmp_path, run) for run in (1, 2, 3))
    found = [mine_source(source, first, Unwatched())]
    github.tick(60)
    github.repositories["ada/orchard"].issue(4)
    found += [mine_source(source, of_run, Unwatched()) for of_run in (second, third)]

    assert [(outcome.state, outcome.rows.get("issues")) for outcome in found] == [
        *((NEW, 3), (NEW, 1), (UNCHANGED, None)),
    ]


def test_a_run_that_failed_counts_what_it_stored_before(github, tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "ITEMS_PER_BATCH", 1)
    monkeypatch.setattr(http, "_PAUSES_SECONDS", ())
    source = tracker_source(github.url)
    mine_source(source, plan(tmp_path, 1), Unwatched())
    github.tick(60)
    github.repositories["ada/orchard"].issue(4)
    github.answer = lambda request: message(502) if "milestones" in request.path else None
    failed = plan(tmp_path, 2)
    with pytest.raises(SourceUnavailable) as failure:
        mine_source(source, failed, Unwatched())

    outcome = run_mine._failure_with_rows(source, failure.value, failed)
    assert outcome.rows == {"issues": 1}


def test_a_source_has_a_worker_however_many_are_mined_at_once(tmp_path, monkeypatch):
    file = tmp_path / "quarry.toml"
    file.write_text("[mining]\nsources_at_once = 8\n")
    job = Job(open_workspace(file, tmp_path / "home"))
    monkeypatch.setattr(run_mine, "cores", lambda: 2)
    workers = [run_mine._plan(job, new_run(DAY_ONE), count).workers for count in (1, 2, 8)]
    assert workers == [2, 1, 1]
