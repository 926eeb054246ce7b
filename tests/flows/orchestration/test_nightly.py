"""The Prefect flows, on a real server."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterFlowRunId,
    ArtifactFilterKey,
)
from prefect.flow_engine import run_flow
from prefect.states import Scheduled

from flows.cli.console import console
from flows.cli.progress import ProgressLines
from flows.nightly import backfill, covered_by, last_ended, nightly, overlapping, quarter_close
from flows.orchestration.tasks import PrefectEngine
from flows.pipeline import run
from flows.run.engines import LocalEngine
from flows.run.job import Job
from flows.run.lock import sole_run
from flows.run.rate_limits import map_with_deferral
from flows.run.run_records import COMPLETED, COMPLETED_WITH_FAILURES, FAILED, Run
from flows.settings.workspace import open_workspace
from miners.errors import RateLimited, SourceDenied, SourceUnavailable
from miners.store import KEY_FILE
from tests.support.git.repositories import Repository
from tests.support.rows.exports import parquet
from tests.support.running.clocks import without_hanging
from warehouse.calendar import Calendar, quarters

pytestmark = [
    # Prefect leaves its clients' sockets to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def config(tmp_path, repository, monkeypatch):
    """Settings with one good repository, at a fixed instant."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1718000000")
    repository.commit(b"one", {"a": b"1\n"})
    repository.commit(b"two", {"a": b"1\n2\n"})
    return write_settings(tmp_path, "repository")


def write_settings(folder, *sources):
    file = folder / "quarry.toml"
    file.write_text(f"[[projects]]\nname = 'p'\nsources = {list(sources)}\n")
    return file


def artifact(key, state):
    """Read what a flow run left; a scheduled one of another test may have left the newest."""
    of_run = ArtifactFilterFlowRunId(any_=[state.state_details.flow_run_id])
    with get_client(sync_client=True) as client:
        (found,) = client.read_artifacts(
            artifact_filter=ArtifactFilter(key=ArtifactFilterKey(any_=[key]), flow_run_id=of_run)
        )
    return found.data


def table(key, state):
    return json.loads(artifact(key, state))


def test_a_failed_source_is_named_and_the_others_are_published(prefect_api, config, tmp_path):
    write_settings(tmp_path, "repository", "gone")

    state = nightly(str(config), str(tmp_path / "a"), return_state=True)

    (tmp_path / "b").mkdir()
    shutil.copy(tmp_path / "a" / KEY_FILE, tmp_path / "b")
    local = open_workspace(config, tmp_path / "b")
    run(Job(local), LocalEngine(2), ProgressLines(console(stderr=True)))
    assert (state.is_failed(), state.name) == (True, "Completed with failed sources")
    assert f"1 of 2 sources failed; the others are published. {tmp_path}/gone: " in state.message
    assert parquet(tmp_path / "a") == parquet(tmp_path / "b") != {}
    assert [
        (r["source"], r["state"], r["new commits"]) for r in table("quarry-sources", state)
    ] == [
        (f"{tmp_path}/repository", "new", 2),
        (f"{tmp_path}/gone", "failed", 0),
    ]
    assert artifact("quarry-progress", state) == 100.0
    files = sorted((tmp_path / "a" / "reports" / "2024").iterdir())
    assert [path.name for path in files] == [f"2024-Q2-en.{f}" for f in ("html", "md", "xlsx")]
    report = artifact("quarry-report", state)
    assert report == files[1].read_text("utf-8")
    assert "# KPI report Q2 2024" in report


@pytest.mark.usefixtures("few_models")
def test_a_night_whose_report_fails_has_published_all_else(prefect_api, config, tmp_path):
    (tmp_path / "report.toml").write_text("rounding = 'up'\n")

    state = nightly(str(config), str(tmp_path / "home"), return_state=True)

    assert state.is_completed()
    assert not (tmp_path / "home" / "reports").exists()
    assert parquet(tmp_path / "home")


def test_only_what_may_pass_is_tried_again_and_what_is_limited_when_its_time_has_come(prefect_api):
    tries, waits = {"denied": 0, "away": 0, "limited": 0}, []

    @dataclass(frozen=True)
    class FlowItem:
        id: str

    def work(item):
        tries[item.id] += 1
        if item.id == "denied":
            raise SourceDenied(item.id, "no", "ask")
        if item.id == "limited" and tries[item.id] < 2:
            raise RateLimited(item.id, "too many", "wait", datetime.now(UTC))
        if item.id == "away" and tries[item.id] < 3:
            raise SourceUnavailable(item.id, "away", "wait")
        return item.id

    @flow
    def trying():
        engine = PrefectEngine(2, 60, retry_wait_seconds=0.01)
        items = [FlowItem(name) for name in tries]
        hour = timedelta(hours=1)
        return map_with_deferral(engine, work, items, hour, lambda item, _: waits.append(item.id))

    denied, away, limited = trying()

    assert tries == {"denied": 1, "away": 3, "limited": 2}
    assert waits == ["limited"]
    assert isinstance(denied.error, SourceDenied)
    assert (away.result, away.error) == ("away", None)
    assert (limited.result, limited.error) == ("limited", None)


def test_a_second_run_at_once_is_refused_in_its_state(prefect_api, config, tmp_path):
    with sole_run(tmp_path / "home" / "runs"), without_hanging():
        state = nightly(str(config), str(tmp_path / "home"), return_state=True)

    assert (state.is_cancelled(), state.name) == (True, "Refused")
    assert state.message.startswith(f"another run is in progress in {tmp_path}/home")


@pytest.mark.usefixtures("few_models")
def test_of_the_nights_that_an_outage_left_one_works(prefect_api, config, tmp_path, monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    parameters = {"config": str(config), "home": str(tmp_path / "home")}
    states = []
    for days in (3, 2, 1):
        due = Scheduled(scheduled_time=datetime.now(UTC) - timedelta(days=days))
        with get_client(sync_client=True) as client:
            late = client.create_flow_run(nightly, parameters=parameters, state=due)
        states.append(run_flow(nightly, late, parameters=parameters, return_type="state"))

    assert [(state.is_completed(), state.name) for state in states] == [
        (True, "Completed"),
        (True, "Skipped"),
        (True, "Skipped"),
    ]
    assert states[1].message.startswith("a later run covered it: ")


@pytest.mark.usefixtures("few_models")
def test_a_backfill_shows_the_quarters_of_its_days(prefect_api, config, tmp_path, repository):
    repository.seconds += 100 * 24 * 3600
    repository.commit(b"a quarter later", {"a": b""})

    state = backfill(
        str(config),
        str(tmp_path / "home"),
        sources=[str(repository.path)],
        first_day=date(2024, 4, 1),
        last_day=date(2024, 4, 1),
        return_state=True,
    )

    assert state.is_completed()
    assert [(r["quarter"], r["commits"]) for r in table("quarry-quarters", state)] == [
        ("2024-Q2", 1)
    ]


@pytest.mark.usefixtures("few_models")
def test_a_quarter_does_not_close_without_every_source(
    prefect_api, config, tmp_path, repository, monkeypatch
):
    home = str(tmp_path / "home")
    other = Repository.make(tmp_path / "other")
    other.commit(b"one", {"a": b"1\n"})
    write_settings(tmp_path, "repository", "other")
    before = nightly(str(config), home, return_state=True)
    other.path.rename(tmp_path / "elsewhere")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1720000000")

    left_open = quarter_close(str(config), home, return_state=True)
    (tmp_path / "elsewhere").rename(other.path)
    closed = quarter_close(str(config), home, return_state=True)

    assert before.is_completed()
    assert (left_open.is_failed(), left_open.name) == (True, "Incomplete")
    assert left_open.message.startswith(f"2024-Q2 is not complete for {tmp_path}/other. ")
    assert closed.message == "2024-Q2 is complete for all 2 sources"


@pytest.mark.parametrize(
    ("state", "started_at", "is_covered"),
    [
        (COMPLETED, NOON + timedelta(seconds=1), True),
        (COMPLETED_WITH_FAILURES, NOON + timedelta(days=3), True),
        (FAILED, NOON + timedelta(days=3), False),
        (COMPLETED, NOON, False),
        (COMPLETED, NOON - timedelta(days=1), False),
    ],
)
def test_a_night_is_covered_by_what_began_after_it_was_due(state, started_at, is_covered):
    assert (
        bool(covered_by([Run(run_id="r", started_at=started_at, pid=1, state=state)], NOON))
        is is_covered
    )


@pytest.mark.parametrize(
    ("first", "last", "named"),
    [
        (date(2024, 3, 31), date(2024, 4, 1), {"2024-Q1", "2024-Q2"}),
        (date(2024, 4, 1), date(2024, 6, 30), {"2024-Q2"}),
        (None, date(1970, 1, 1), {"1970-Q1"}),
        (date(2105, 12, 31), None, {"2105-Q4"}),
    ],
)
def test_quarters_overlap_a_range_of_days_by_one_day_or_more(first, last, named):
    assert overlapping(quarters(Calendar()), first, last) == named


def test_the_quarter_that_ended_last_is_over():
    calendar = quarters(Calendar("Asia/Seoul"))
    turn = datetime(2024, 6, 30, 15, tzinfo=UTC)

    assert last_ended(calendar, turn).quarter == "2024-Q2"
    assert last_ended(calendar, turn - timedelta(seconds=1)).quarter == "2024-Q1"
