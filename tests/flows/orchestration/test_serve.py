"""Test `quarry serve` with a real server, schedule and worker."""

from __future__ import annotations

import shutil
import signal
import subprocess
import urllib.error
import urllib.request
from base64 import b64encode
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId

from flows.orchestration.processes import ChildProcess, unexpected_end
from flows.run.run_records import COMPLETED, read_runs
from flows.serve.deployments import closing_cron
from miners import store
from tests.support.rows.exports import parquet
from tests.support.running.clocks import HANG_SECONDS
from tests.support.running.served_home import CANARY, QUARRY, TRACKER_CANARY, eventually

pytestmark = [
    # Prefect leaves its clients' sockets to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def nights(client):
    return [run for run in client.read_flow_runs() if run.deployment_id and run.state.is_final()]


def test_a_scheduled_night_fires_and_publishes_what_quarry_run_does(served, prefect_api, tmp_path):
    with get_client(sync_client=True) as client:
        night = min(eventually(lambda: nights(client), 150), key=lambda run: run.start_time)

    # The same key makes the same pseudonyms.
    shutil.copy(served.home / store.KEY_FILE, tmp_path)
    command = [QUARRY, "run", "--config", served.config, "--home", tmp_path, "--engine", "local"]
    subprocess.run(command, env=served.environment, capture_output=True, check=True)

    assert night.auto_scheduled
    assert (night.state.name, night.state.message) == ("Completed", "Sources: 3, new commits: 4")
    assert [run.state for run in read_runs(served.home / "runs")][-1] == COMPLETED
    assert parquet(served.home)
    assert parquet(served.home) == parquet(tmp_path)


def test_a_token_reaches_git_and_no_file_of_ours_or_of_prefect(served):
    basic = b64encode(f"x-access-token:{CANARY}".encode())
    forms = [CANARY.encode(), basic, TRACKER_CANARY.encode()]
    files = [path for path in served.folder.rglob("*") if path.is_file()]

    assert served.home / "prefect" / "prefect.db" in files
    assert store.latest(served.home / "store", "tracker.example/o/r#tracker")
    assert [path for path in files if any(form in path.read_bytes() for form in forms)] == []


@pytest.mark.skipif(not shutil.which("setpriv"), reason="only Linux ties lives together")
def test_after_a_kill_nothing_lives_on_and_nothing_runs_without_end(served, prefect_api):
    with get_client(sync_client=True) as client:
        backfill = client.read_deployment_by_name("backfill/backfill").id
        stuck = client.create_flow_run_from_deployment(
            backfill,
            parameters={
                "config": str(served.config),
                "home": str(served.home),
                "sources": [served.hanging_url],
            },
        )
        eventually(lambda: _is_in_progress(served, stuck), 2 * HANG_SECONDS)
        of_stuck = FlowRunFilter(id=FlowRunFilterId(any_=[stuck.id]))
        # Prefect's server records the states of task runs a moment later.
        eventually(lambda: client.read_task_runs(flow_run_filter=of_stuck), HANG_SECONDS)
    processes = _of(served)
    served.stop(signal.SIGKILL)
    eventually(lambda: not _of(served), HANG_SECONDS)
    served.start()
    with get_client(sync_client=True) as client:
        state = client.read_flow_run(stuck.id).state
        tasks = client.read_task_runs(flow_run_filter=of_stuck)

    assert len(processes) >= 3, "the server, the worker and its flow"
    assert state.name == "Crashed"
    assert "the next run resumes" in state.message
    assert [task.state.name for task in tasks if not task.state.is_final()] == []
    assert "Crashed" in {task.state.name for task in tasks}


def test_the_server_answers_this_machine_only_and_who_may_log_in(served):
    listening = subprocess.run(
        ["ss", "-Hltn", "sport", "=", f":{urlsplit(served.api_url).port}"],
        capture_output=True,
        text=True,
        check=True,
    )
    stranger = f"{served.api_url}/admin/settings"

    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(stranger, timeout=HANG_SECONDS)
    assert [line.split()[3].rpartition(":")[0] for line in listening.stdout.splitlines()] == [
        "127.0.0.1"
    ]
    assert (served.home / "prefect" / "login").stat().st_mode & 0o077 == 0


def test_a_second_serve_of_one_home_leaves_at_once(served):
    command = [QUARRY, "serve", "--config", served.config]
    done = subprocess.run(
        command,
        check=False,
        env=served.environment,
        capture_output=True,
        text=True,
        timeout=HANG_SECONDS,
    )

    assert done.returncode == 1
    assert "is served already" in done.stderr


def test_a_child_that_ends_unasked_is_named_with_its_last_words(tmp_path):
    log = tmp_path / "server.log"
    log.write_text("port 4200 is taken\n")
    process = subprocess.Popen(["false"])
    process.wait()

    assert str(unexpected_end(ChildProcess("server", process, log))) == (
        f"server ended with exit code 1:\n    port 4200 is taken\nSee {log}."
    )


@pytest.mark.parametrize(
    ("first_month", "cron"),
    [(1, "45 4 1-3 1,4,7,10 *"), (2, "45 4 1-3 2,5,8,11 *"), (12, "45 4 1-3 3,6,9,12 *")],
)
def test_quarters_are_closed_in_the_months_in_which_the_next_begin(first_month, cron):
    assert closing_cron(first_month) == cron


def _is_in_progress(served, flow_run):
    return (served.home / "runs" / "flows" / f"{flow_run.id}.lock").exists()


def _of(served):
    """List the processes that were started for this home."""
    mark = f"PREFECT_HOME={served.home / 'prefect'}\0".encode()
    return [p.parent.name for p in Path("/proc").glob("[0-9]*/environ") if mark in _read(p)]


def _read(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""
