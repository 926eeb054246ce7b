"""
Prefect flows of the pipeline: nightly run, backfill and quarter close.

Each is one flow with a task per source. A flow that another run makes unnecessary ends at once, and
its state has the reason. A known error is the message of a state; a traceback is a bug in Quarry.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date  # noqa: TC003 - Prefect reads the annotations of a flow
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prefect import flow, get_run_logger, runtime
from prefect.client.orchestration import get_client
from prefect.states import Cancelled, Completed, Failed

from flows.orchestration.artifacts import PrefectProgress, ProgressGroup
from flows.orchestration.flow_run_locks import flow_run_lock, mark_crashed
from flows.orchestration.processes import ProcessFailed
from flows.orchestration.tasks import PrefectEngine
from flows.pipeline import run
from flows.run.job import Job
from flows.run.lock import RunInProgress
from flows.run.report import write_newest_report
from flows.run.run_records import COMPLETED, COMPLETED_WITH_FAILURES, read_runs
from flows.run.summary import SUMMED, shown_counts, sums
from flows.settings.environment import clock, cores, write_for
from flows.settings.settings import SettingsError
from flows.settings.workspace import context_of, open_workspace
from miners.text import shown_source
from warehouse.calendar import quarters
from warehouse.connection import machine_failure
from warehouse.errors import WarehouseError
from warehouse.query.headline import headline
from warehouse.report.writers.markdown import as_markdown
from warehouse.seals.completeness import incomplete_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from prefect.client.schemas.objects import State

    from flows.run.progress import RunProgress
    from flows.run.run_records import Run
    from flows.settings.workspace import Workspace
    from warehouse.calendar import Quarter
    from warehouse.query.headline import Headline

_EVERY_QUARTER = 10_000


@flow(persist_result=False)
def nightly(config: str | None = None, home: str | None = None) -> State[Any]:
    """
    Mine what is new in every source, build and publish.

    After an outage Prefect starts a flow for every missed night. The first does all the work, and
    the others end as "Skipped".
    """
    return _state_of_work(config, home, _nightly)


@flow(persist_result=False)
def backfill(
    config: str | None = None,
    home: str | None = None,
    sources: list[str] | None = None,
    first_day: date | None = None,
    last_day: date | None = None,
) -> State[Any]:
    """
    Read some or all sources from the beginning again, by name or address.

    Each source is read completely, as Git cannot be read by days. The days, in the settings' time
    zone, select the quarters of the table at the end.
    """

    def work(workspace: Workspace) -> State[Any]:
        shown = overlapping(quarters(context_of(workspace).calendar), first_day, last_day)
        job = Job(workspace, tuple(sources or ()), is_full=True)
        return state_of(
            _run_with_artifacts(job, choose=lambda rows: [r for r in rows if r.quarter in shown])
        )

    return _state_of_work(config, home, work)


@flow(persist_result=False)
def quarter_close(config: str | None = None, home: str | None = None) -> State[Any]:
    """Run as every night, then report whether the last ended quarter is complete."""
    return _state_of_work(config, home, _quarter_close)


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


def state_of(ended: Run) -> State[Any]:
    """
    Return the Prefect state of a run that ended.

    A run with failed sources is Failed although it published the others, so that somebody notices.
    """
    failed = [outcome for outcome in ended.outcomes if outcome.is_failed]
    problems = " ".join(f"{shown_source(o.source)}: {o.problem}. {o.remedy}." for o in failed)
    if ended.state == COMPLETED:
        totals, shown = sums(ended.outcomes), shown_counts(ended.outcomes)
        rows = ", ".join(f"{name}: {totals[name]:,}" for name in SUMMED if name in shown)
        return Completed(message=f"Sources: {len(ended.outcomes)}, {rows}")
    if ended.state == COMPLETED_WITH_FAILURES:
        head = f"{len(failed)} of {len(ended.outcomes)} sources failed; the others are published."
        return Failed(name="Completed with failed sources", message=f"{head} {problems}")
    return Failed(message=ended.problem or problems)


def covered_by(runs: Iterable[Run], scheduled_at: datetime) -> Run | None:
    """Return a run that started after another was due, and published."""
    published = (run for run in runs if run.state in {COMPLETED, COMPLETED_WITH_FAILURES})
    return next((run for run in published if run.started_at > scheduled_at), None)


def overlapping(calendar: Iterable[Quarter], first: date | None, last: date | None) -> set[str]:
    """Return the quarters that share a day with a range; None leaves an end open."""
    return {
        quarter.quarter
        for quarter in calendar
        if (first is None or quarter.ends_before > first)
        and (last is None or quarter.starts_on <= last)
    }


def last_ended(calendar: Sequence[Quarter], now: datetime) -> Quarter:
    """Return the quarter that ended last."""
    return max((q for q in calendar if q.ends_at <= now), key=lambda quarter: quarter.ends_at)


def _state_of_work(
    config: str | None, home: str | None, work: Callable[[Workspace], State[Any]]
) -> State[Any]:
    try:
        workspace = open_workspace(Path(config) if config else None, Path(home) if home else None)
        write_for(workspace.settings.readable_by)
        return work(workspace)
    except RunInProgress as error:
        return Cancelled(name="Refused", message=str(error))
    except (SettingsError, WarehouseError) as error:
        return Failed(message=str(error))
    except OSError as error:
        return Failed(message=str(machine_failure(error) or error))


def _nightly(workspace: Workspace) -> State[Any]:
    later = covered_by(read_runs(workspace.runs), runtime.flow_run.scheduled_start_time)
    if later:
        message = f"a later run covered it: {later.run_id}, {later.state}"
        return Completed(name="Skipped", message=message)
    return state_of(_run_with_artifacts(Job(workspace)))


def _quarter_close(workspace: Workspace) -> State[Any]:
    ended = _run_with_artifacts(Job(workspace))
    if ended.problem or not workspace.warehouse.exists():
        return state_of(ended)
    quarter = last_ended(quarters(context_of(workspace).calendar), clock())
    sources = [outcome.source for outcome in ended.outcomes]
    missing = incomplete_sources(workspace.warehouse, quarter.ends_at, sources)
    if missing:
        message = (
            f"{quarter.quarter} is not complete for {', '.join(missing)}. Fix them with quarry "
        )
        return Failed(name="Incomplete", message=f"{message}doctor, then run this flow again.")
    return Completed(message=f"{quarter.quarter} is complete for all {len(sources)} sources")


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
        progress = PrefectProgress(get_run_logger())
        engine = PrefectEngine(
            mining.sources_at_once or cores(), mining.source_timeout_minutes * 60
        )
        ended = run(job, engine, ProgressGroup(progress, *others))
        progress.conclude(ended, _figures(workspace, choose))
        _report(workspace, ended, progress)
        return ended


def _report(workspace: Workspace, ended: Run, progress: PrefectProgress) -> None:
    """Write the report of the newest quarter; if that fails, all else is published."""
    if ended.problem or not workspace.warehouse.exists():
        return
    try:
        report = write_newest_report(workspace)
    except (SettingsError, WarehouseError, OSError) as error:
        progress.warn(f"The report failed: {error}")
    else:
        progress.report(as_markdown(report.documents))


def _figures(
    workspace: Workspace, choose: Callable[[list[Headline]], list[Headline]] | None
) -> list[Headline]:
    if not workspace.warehouse.exists():
        return []
    if choose is None:
        return headline(workspace.warehouse)
    return choose(headline(workspace.warehouse, _EVERY_QUARTER))
