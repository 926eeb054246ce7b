"""
The Prefect flows: nightly, backfill and quarter close, over the same pipeline as `quarry run`.

Each is one flow with a task per source, never a flow per source. A flow that another run or a
later one makes needless ends at once and says so in its state; what is known to go wrong is a
state's message, and a traceback is a fault in Quarry.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date  # noqa: TC003 - Prefect reads the annotations of a flow
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prefect import flow, get_run_logger, runtime
from prefect.client.orchestration import get_client
from prefect.states import Cancelled, Completed, Failed

from flows.orchestration.artifacts import PrefectWatch, Watches
from flows.orchestration.flow_run_locks import alive, mark_crashed
from flows.orchestration.processes import ChildFailed
from flows.orchestration.tasks import PrefectEngine
from flows.pipeline import run
from flows.run.job import Job
from flows.run.report import report_of_now
from flows.run.run_records import COMPLETED, COMPLETED_WITH_FAILURES, AnotherRun, read_runs
from flows.run.summary import SUMMED, shown_counts, sums
from flows.settings.environment import clock, cores
from flows.settings.settings import SettingsError
from flows.settings.workspace import context_of, open_workspace
from warehouse.calendar import quarters
from warehouse.errors import WarehouseError
from warehouse.query.query import headline
from warehouse.report.writers.markdown import as_markdown
from warehouse.seals.completeness import incomplete_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from prefect.client.schemas.objects import State

    from flows.run.progress import Watch
    from flows.run.run_records import Run
    from flows.settings.workspace import Workspace
    from warehouse.calendar import Quarter
    from warehouse.query.query import Headline

_EVERY_QUARTER = 10_000


@flow(persist_result=False)
def nightly(config: str | None = None, home: str | None = None) -> State[Any]:
    """
    Mine what is new in every source, build and publish.

    After an outage Prefect starts every night that was missed; the first of them does the work of
    all, and the others end as "Skipped".
    """
    return _answer(config, home, _nightly)


@flow(persist_result=False)
def backfill(
    config: str | None = None,
    home: str | None = None,
    sources: list[str] | None = None,
    first_day: date | None = None,
    last_day: date | None = None,
) -> State[Any]:
    """
    Read sources from their beginning again, by name or address, or all of them.

    Git has no days to read by: each source is read whole. The days, which count in the settings'
    time zone, choose the quarters that the table at the end shows.
    """

    def work(workspace: Workspace) -> State[Any]:
        shown = overlapping(quarters(context_of(workspace).calendar), first_day, last_day)
        job = Job(workspace, tuple(sources or ()), is_full=True)
        return state_of(_watched(job, choose=lambda rows: [r for r in rows if r.quarter in shown]))

    return _answer(config, home, work)


@flow(persist_result=False)
def quarter_close(config: str | None = None, home: str | None = None) -> State[Any]:
    """Run as every night, then say whether the quarter that ended last is complete everywhere."""
    return _answer(config, home, _quarter_close)


def run_as_flow(job: Job, watch: Watch) -> Run:
    """
    Run a job of the command line as a flow of this process.

    Errors:  AnotherRun, SettingsError, SettingsRefused; ChildFailed without a server that answers.
    """
    context_of(job.workspace)
    _require_server()
    ended: list[Run] = []

    # Without parameters: what somebody types as an address may hold a secret.
    @flow(name="run", persist_result=False)
    def run_now() -> State[Any]:
        try:
            ended.append(_watched(job, watch))
        except AnotherRun as error:
            return Cancelled(name="Refused", message=str(error))
        return state_of(ended[0])

    state = run_now(return_state=True)
    if not ended:
        raise AnotherRun(state.message)
    return ended[0]


def _require_server() -> None:
    with get_client(sync_client=True) as client:
        problem = client.api_healthcheck()
        if problem:
            message = f"Prefect's server at {client.api_url} does not answer ({problem})."
            raise ChildFailed(f"{message} Start it, or run with --engine local.")


def state_of(ended: Run) -> State[Any]:
    """
    Say in Prefect's words how a run ended.

    A run with failed sources has published all the others; it still counts as failed, for nobody
    looks at what is green.
    """
    failed = [outcome for outcome in ended.outcomes if outcome.is_failed]
    named = " ".join(f"{o.source}: {o.problem}. {o.remedy}." for o in failed)
    if ended.state == COMPLETED:
        gave, shown = sums(ended.outcomes), shown_counts(ended.outcomes)
        named = ", ".join(f"{name}: {gave[name]:,}" for name in SUMMED if name in shown)
        return Completed(message=f"Sources: {len(ended.outcomes)}, {named}")
    if ended.state == COMPLETED_WITH_FAILURES:
        said = f"{len(failed)} of {len(ended.outcomes)} sources failed; the others are published."
        return Failed(name="Completed with failed sources", message=f"{said} {named}")
    return Failed(message=ended.problem or named)


def covered_by(runs: Iterable[Run], scheduled_at: datetime) -> Run | None:
    """Find a run that began after another was due, and has published since."""
    published = (run for run in runs if run.state in {COMPLETED, COMPLETED_WITH_FAILURES})
    return next((run for run in published if run.started_at > scheduled_at), None)


def overlapping(calendar: Iterable[Quarter], first: date | None, last: date | None) -> set[str]:
    """Name the quarters that share a day with a range; an open end reaches as far as there are."""
    return {
        quarter.quarter
        for quarter in calendar
        if (first is None or quarter.ends_before > first)
        and (last is None or quarter.starts_on <= last)
    }


def last_ended(calendar: Sequence[Quarter], now: datetime) -> Quarter:
    """Return the quarter that ended last."""
    return max((q for q in calendar if q.ends_at <= now), key=lambda quarter: quarter.ends_at)


def _answer(
    config: str | None, home: str | None, work: Callable[[Workspace], State[Any]]
) -> State[Any]:
    try:
        return work(open_workspace(Path(config) if config else None, Path(home) if home else None))
    except AnotherRun as error:
        return Cancelled(name="Refused", message=str(error))
    except (SettingsError, WarehouseError) as error:
        return Failed(message=str(error))


def _nightly(workspace: Workspace) -> State[Any]:
    later = covered_by(read_runs(workspace.runs), runtime.flow_run.scheduled_start_time)
    if later:
        said = f"a later run has covered it: {later.run_id}, {later.state}"
        return Completed(name="Skipped", message=said)
    return state_of(_watched(Job(workspace)))


def _quarter_close(workspace: Workspace) -> State[Any]:
    ended = _watched(Job(workspace))
    if ended.problem or not workspace.warehouse.exists():
        return state_of(ended)
    quarter = last_ended(quarters(context_of(workspace).calendar), clock())
    wanted = [outcome.source for outcome in ended.outcomes]
    missing = incomplete_sources(workspace.warehouse, quarter.ends_at, wanted)
    if missing:
        said = f"{quarter.quarter} is not complete for {', '.join(missing)}. Mend them (quarry "
        return Failed(name="Incomplete", message=f"{said}doctor), then run this flow again.")
    return Completed(message=f"{quarter.quarter} is complete for all {len(wanted)} sources")


def _watched(
    job: Job,
    *others: Watch,
    choose: Callable[[list[Headline]], list[Headline]] | None = None,
) -> Run:
    """Run a job with Prefect looking on."""
    workspace, mining = job.workspace, job.workspace.settings.mining
    with alive(workspace.runs, runtime.flow_run.id):
        with suppress(Exception):  # what became of other runs must not end this one
            mark_crashed(workspace.runs)
        watch = PrefectWatch(get_run_logger())
        engine = PrefectEngine(
            mining.sources_at_once or cores(), mining.source_timeout_minutes * 60
        )
        ended = run(job, engine, Watches(watch, *others))
        watch.conclude(ended, _figures(workspace, choose))
        _report(workspace, ended, watch)
        return ended


def _report(workspace: Workspace, ended: Run, watch: PrefectWatch) -> None:
    """Write the report of the newest quarter; a night whose report fails has published all else."""
    if ended.problem or not workspace.warehouse.exists():
        return
    try:
        made = report_of_now(workspace)
    except (SettingsError, WarehouseError, OSError) as error:
        watch.warn(f"There is no report: {error}")
    else:
        watch.report(as_markdown(made.documents))


def _figures(
    workspace: Workspace, choose: Callable[[list[Headline]], list[Headline]] | None
) -> list[Headline]:
    if not workspace.warehouse.exists():
        return []
    if choose is None:
        return headline(workspace.warehouse)
    return choose(headline(workspace.warehouse, _EVERY_QUARTER))
