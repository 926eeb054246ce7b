"""
Prefect flows of the pipeline: nightly run, backfill and quarter close.

Each is one flow with a task per source. A flow that meets another run waits for it. A known error
is the message of a state; a traceback is a bug in Quarry.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date  # noqa: TC003 - Prefect reads the annotations of a flow
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prefect import flow, get_run_logger, runtime
from prefect.blocks.core import Block
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State  # noqa: TC002 - in a flow's annotations
from prefect.states import Cancelled, Completed, Failed

from flows.orchestration.artifacts import PrefectProgress
from flows.orchestration.events import emit_published, emit_sealed
from flows.orchestration.flow_run_locks import flow_run_lock, mark_crashed
from flows.orchestration.parameters import described, run_name
from flows.orchestration.processes import ProcessFailed
from flows.orchestration.states import covered_by, last_ended, overlapping, state_of
from flows.orchestration.tasks import PrefectEngine
from flows.orchestration.waiting import wait_for_others
from flows.orchestration.workspace_keys import asset_keys
from flows.pipeline import run
from flows.run.job import Job
from flows.run.lock import RunInProgress
from flows.run.progress import ProgressGroup
from flows.run.report import write_newest_report
from flows.run.run_records import read_runs
from flows.run.seal import seal
from flows.settings.environment import clock, cores, write_for
from flows.settings.settings import SettingsError
from flows.settings.workspace import context_of, open_workspace
from miners.text import shown_source
from warehouse.calendar import quarter_named, quarters
from warehouse.connection import machine_failure
from warehouse.errors import WarehouseError
from warehouse.query.headline import headline
from warehouse.report.writers.markdown import as_markdown
from warehouse.seals.completeness import incomplete_sources
from warehouse.seals.seal_file import seal_folders

if TYPE_CHECKING:
    from collections.abc import Callable

    from flows.run.progress import RunProgress
    from flows.run.run_records import Run
    from flows.settings.workspace import Workspace
    from warehouse.query.headline import Headline

_EVERY_QUARTER = 10_000


@flow(persist_result=False, flow_run_name=run_name)
def nightly(config: str | None = None, home: str | None = None) -> State[Any]:
    """
    Mine what is new in every source, build and publish.

    After an outage Prefect starts a flow for every missed night. The first does all the work, and
    the others end as "Skipped". A night that meets another run waits for its end.
    """
    return _state_of_work(config, home, _nightly)


@flow(persist_result=False, flow_run_name=run_name)
def backfill(
    config: str | None = None,
    home: str | None = None,
    sources: list[str] | None = None,
    shown_from: date | None = None,
    shown_until: date | None = None,
) -> State[Any]:
    """
    Read some or all sources from the beginning again, by name or address.

    Each source is read completely, as Git cannot be read by days. The days, in the settings' time
    zone, select the quarters that the table at the end shows.
    """

    def work(workspace: Workspace) -> State[Any]:
        shown = overlapping(quarters(context_of(workspace).calendar), shown_from, shown_until)
        job = Job(workspace, tuple(sources or ()), is_full=True)
        return state_of(
            _run_with_artifacts(job, choose=lambda rows: [r for r in rows if r.quarter in shown])
        )

    return _state_of_work(config, home, work)


@flow(persist_result=False, flow_run_name=run_name)
def quarter_close(
    config: str | None = None, home: str | None = None, quarter: str | None = None
) -> State[Any]:
    """Run as every night, then seal a quarter, or report the sources that it lacks."""
    return _state_of_work(config, home, lambda workspace: _quarter_close(workspace, quarter))


@flow(persist_result=False, flow_run_name=run_name)
def alert(block: str | None = None, subject: str = "Quarry", body: str = "") -> State[Any]:
    """Send a notification by a block of Prefect; triggers of its deployment say when."""
    get_run_logger().warning("%s: %s", subject, body)
    if block:
        notifier: Any = Block.load(block)
        notifier.notify(body or subject, subject)
    return Completed(message=subject)


for _flow in (nightly, backfill, quarter_close, alert):
    described(_flow)


def run_as_flow(job: Job, progress: RunProgress) -> Run:
    """
    Run a job of the command line as a flow of this process.

    Errors:  RunInProgress, SettingsError, SettingsRefused; ProcessFailed without a server.
    """
    context_of(job.workspace)
    _require_server()
    ended: list[Run] = []

    # Without parameters: an address that a user types may contain a secret.
    @flow(name="run", persist_result=False)
    def run_now() -> State[Any]:
        try:
            ended.append(_run_with_artifacts(job, progress))
        except RunInProgress as error:
            return Cancelled(name="Refused", message=str(error))
        return state_of(ended[0])

    state = run_now(return_state=True)
    if not ended:
        raise RunInProgress(state.message)
    return ended[0]


def _require_server() -> None:
    with get_client(sync_client=True) as client:
        problem = client.api_healthcheck()
        if problem:
            message = f"Prefect's server at {client.api_url} does not respond ({problem})."
            raise ProcessFailed(f"{message} Start it, or run with --engine local.")


def _state_of_work(
    config: str | None, home: str | None, work: Callable[[Workspace], State[Any]]
) -> State[Any]:
    try:
        workspace = open_workspace(Path(config) if config else None, Path(home) if home else None)
        write_for(workspace.settings.readable_by)
        return _in_turn(workspace, work)
    except RunInProgress as error:
        return Failed(message=str(error))
    except (SettingsError, WarehouseError) as error:
        return Failed(message=str(error))
    except OSError as error:
        return Failed(message=str(machine_failure(error) or error))


def _in_turn(workspace: Workspace, work: Callable[[Workspace], State[Any]]) -> State[Any]:
    """Do the work once no other run is in progress; another that waits may be faster."""
    while True:
        wait_for_others(workspace.runs)
        with suppress(RunInProgress):
            return work(workspace)


def _nightly(workspace: Workspace) -> State[Any]:
    later = covered_by(read_runs(workspace.runs), runtime.flow_run.scheduled_start_time)
    if later:
        message = f"a later run covered it: {later.run_id}, {later.state}"
        return Completed(name="Skipped", message=message)
    return state_of(_run_with_artifacts(Job(workspace)))


def _quarter_close(workspace: Workspace, name: str | None) -> State[Any]:
    calendar = quarters(context_of(workspace).calendar)
    quarter = last_ended(calendar, clock()) if name is None else quarter_named(calendar, name)
    if quarter is None:
        return Failed(message=f"{name} is not a quarter of the calendar. Use one such as 2026-Q2.")
    ended = _run_with_artifacts(Job(workspace))
    if ended.problem or not workspace.warehouse.exists():
        return state_of(ended)
    if (workspace.seals / quarter.quarter).is_dir():
        return Completed(message=f"{quarter.quarter} is sealed already")
    sources = [outcome.source for outcome in ended.outcomes]
    missing = incomplete_sources(workspace.warehouse, quarter.ends_at, sources)
    if missing:
        problem = f"{quarter.quarter} is not complete for {', '.join(map(shown_source, missing))}"
        return Failed(message=f"{problem}. Fix them: `quarry doctor`; then run this flow again.")
    seal(workspace, quarter.quarter, PrefectProgress(get_run_logger(), workspace))
    emit_sealed(workspace, [quarter.quarter])
    facts = f"is complete for all {len(sources)} sources, and sealed"
    return Completed(message=f"{quarter.quarter} {facts}")


def _run_with_artifacts(
    job: Job,
    *others: RunProgress,
    choose: Callable[[list[Headline]], list[Headline]] | None = None,
) -> Run:
    """Run a job, and write its progress and results to Prefect."""
    workspace, mining = job.workspace, job.workspace.settings.mining
    with flow_run_lock(workspace.runs, runtime.flow_run.id):
        with suppress(Exception):  # the state of other runs must not end this one
            mark_crashed(workspace.runs)
        progress = PrefectProgress(get_run_logger(), workspace)
        engine = PrefectEngine(
            mining.sources_at_once or cores(),
            mining.source_timeout_minutes * 60,
            assets=asset_keys(workspace),
        )
        sealed = _sealed(workspace)
        ended = run(job, engine, ProgressGroup(progress, *others))
        emit_published(workspace, ended)
        emit_sealed(workspace, _sealed(workspace) - sealed)
        progress.conclude(ended, _figures(workspace, choose))
        _report(workspace, ended, progress)
        return ended


def _sealed(workspace: Workspace) -> set[str]:
    return {folder.name for folder in seal_folders(workspace.seals)}


def _report(workspace: Workspace, ended: Run, progress: PrefectProgress) -> None:
    """Write the report of the newest quarter; if that fails, all else is published."""
    if ended.problem or not workspace.warehouse.exists():
        return None
    try:
        report = write_newest_report(workspace)
    except (SettingsError, WarehouseError, OSError) as error:
        return progress.warn(f"The report failed: {error}")
    return progress.report(as_markdown(report.documents))


def _figures(
    workspace: Workspace, choose: Callable[[list[Headline]], list[Headline]] | None
) -> list[Headline]:
    if not workspace.warehouse.exists():
        return []
    shown = headline(workspace.warehouse, _EVERY_QUARTER) if choose else []
    return choose(shown) if choose else headline(workspace.warehouse)
