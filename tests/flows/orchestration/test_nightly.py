"""The Prefect flows, on a real server."""

from __future__ import annotations

import json
import shutil
import socket
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
import yaml
from prefect import flow, runtime, tags
from prefect.cli.deploy._triggers import DeploymentTriggerAdapter
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterFlowRunId,
    ArtifactFilterKey,
)
from prefect.deployments.runner import RunnerDeployment
from prefect.flow_engine import run_flow
from prefect.states import Scheduled

from flows.cli.console import console
from flows.cli.progress import ProgressLines
from flows.nightly import alert, backfill, nightly, quarter_close
from flows.orchestration import waiting
from flows.orchestration.states import covered_by, last_ended, overlapping
from flows.orchestration.tasks import PrefectEngine
from flows.orchestration.workspace_keys import artifact_key, asset_keys, resource_id
from flows.pipeline import run
from flows.run.engines import LocalEngine
from flows.run.job import Job
from flows.run.lock import sole_run
from flows.run.rate_limits import map_with_deferral
from flows.run.run_records import (
    COMPLETED,
    COMPLETED_WITH_FAILURES,
    FAILED,
    Run,
    new_run,
    write_run,
)
from flows.serve.deployments import POOL
from flows.settings.workspace import open_workspace
from miners.errors import RateLimited, SourceDenied, SourceUnavailable
from miners.store import KEY_FILE, make_folder
from tests.support.git.repositories import Repository
from tests.support.rows.exports import parquet
from tests.support.running.clocks import HANG_SECONDS, without_hanging
from tests.support.running.served_home import eventually
from warehouse.calendar import Calendar, quarters

pytestmark = [
    # Prefect leaves its clients' sockets to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
ROOT = Path(__file__).parents[3]
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
    key = partial(artifact_key, workspace=open_workspace(config, tmp_path / "a"))
    run(Job(local), LocalEngine(2), ProgressLines(console(stderr=True)))
    assert (state.is_failed(), state.name) == (True, "Failed")
    assert f"1 of 2 sources failed; the others are published. {tmp_path}/gone: " in state.message
    assert parquet(tmp_path / "a") == parquet(tmp_path / "b") != {}
    assert [(r["source"], r["state"], r["new commits"]) for r in table(key("sources"), state)] == [
        (f"{tmp_path}/repository", "new", 2),
        (f"{tmp_path}/gone", "failed", 0),
    ]
    assert artifact(key("progress"), state) == 100.0
    files = sorted((tmp_path / "a" / "reports" / "2024").iterdir())
    assert [path.name for path in files] == [f"2024-Q2-en.{f}" for f in ("html", "md", "xlsx")]
    report = artifact(key("report"), state)
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


@pytest.mark.usefixtures("few_models")
def test_a_night_that_meets_another_run_waits_for_its_end(
    prefect_api, config, tmp_path, monkeypatch
):
    home, seen = tmp_path / "home", []
    other = new_run(NOON)
    make_folder(home / "runs")

    def end_the_other():
        with get_client(sync_client=True) as client:
            state = client.read_flow_run(UUID(runtime.flow_run.id)).state
        seen.append((state.type.value, state.name, state.message))
        at_end.close()

    monkeypatch.setattr(waiting, "pause", end_the_other)
    with ExitStack() as at_end, without_hanging():
        at_end.enter_context(sole_run(home / "runs"))
        write_run(home / "runs", other)
        state = nightly(str(config), str(home), return_state=True)

    who = f"process {other.pid} on {socket.gethostname()}, since 2024-05-01 12:00 UTC"
    message = f"another run is in progress in {home} ({who}). Wait for it, or end that process."
    assert seen == [("RUNNING", "Waiting", message)]
    assert (state.type.value, state.name) == ("COMPLETED", "Completed")


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
        shown_from=date(2024, 4, 1),
        shown_until=date(2024, 4, 1),
        return_state=True,
    )

    key = artifact_key("quarters", open_workspace(config, tmp_path / "home"))
    assert state.is_completed()
    assert [(r["quarter"], r["commits"]) for r in table(key, state)] == [("2024-Q2", 1)]


@pytest.mark.usefixtures("one_kpi")
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
    named = quarter_close(str(config), home, "2024-Q2", return_state=True)
    unknown = quarter_close(str(config), home, "1924-Q2", return_state=True)

    assert (left_open.is_failed(), left_open.name) == (True, "Failed")
    assert left_open.message.startswith(f"2024-Q2 is not complete for {tmp_path}/other. ")
    assert closed.message == "2024-Q2 is complete for all 2 sources, and sealed"
    assert (tmp_path / "home" / "seals" / "2024-Q2" / "seal.json").is_file()
    assert (named.name, named.message) == ("Completed", "2024-Q2 is sealed already")
    assert unknown.message.startswith("1924-Q2 is not a quarter of the calendar.")


@pytest.mark.usefixtures("few_models")
def test_a_failed_night_starts_the_alert_and_what_is_published_is_an_event(
    prefect_api, config, tmp_path
):
    write_settings(tmp_path, "repository", "nowhere")
    deployments = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]
    (shipped,) = [d for d in deployments if d["name"] == "alert"]
    failed = [DeploymentTriggerAdapter.validate_python(t) for t in shipped["triggers"]]
    RunnerDeployment.from_flow(alert, "alert", triggers=failed, work_pool_name=POOL).apply()

    with tags("quarry"):
        state = nightly(str(config), str(tmp_path / "home"), return_state=True)

    with get_client(sync_client=True) as client:
        deployment = client.read_deployment_by_name("alert/alert").id

        def of_this_night():
            runs = [run for run in client.read_flow_runs() if run.deployment_id == deployment]
            return [run for run in runs if str(tmp_path) in run.parameters["body"]]

        (started,) = eventually(of_this_night, HANG_SECONDS)
        resource = resource_id(open_workspace(config, tmp_path / "home"))
        found = eventually(lambda: events_about(client, resource), HANG_SECONDS)
        warehouse, _ = asset_keys(open_workspace(config, tmp_path / "home"))
        made = eventually(lambda: events_about(client, warehouse), HANG_SECONDS)
    assert state.name == "Failed"
    assert {e["event"] for e in made} == {"prefect.asset.materialization.succeeded"}
    assert started.parameters["subject"].endswith("Failed")
    assert [(e["event"], e["payload"]["failed_sources"]) for e in found] == [
        ("quarry.published", [f"{tmp_path}/nowhere"])
    ]


def events_about(client, resource):
    """Read the events of a resource from the server."""
    of_resource = {"filter": {"resource": {"id": [resource]}}}
    return client._client.post("/events/filter", json=of_resource).json()["events"]


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
