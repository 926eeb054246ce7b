"""
The way of the data, from sources to published files.

1. plan     which sources to mine, and how
2. mine     each source into batches of the store; what fails is named and stops nobody else
3. load     new batches of the store into the raw tables of a warehouse built aside
4. build    staging, graph, facts and marts from raw
5. check    the data checks; a failed one publishes nothing
6. publish  the exports' new snapshot, then the warehouse and the exports by rename
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from flows.mining import Mined, mine
from flows.runs import COMPLETED, COMPLETED_WITH_FAILURES, FAILED, new_run, sole_run, write_run
from flows.settings import clock
from flows.workspace import context_of
from miners import store
from warehouse.checks import run_checks
from warehouse.connection import building, building_path, swap_in
from warehouse.errors import WarehouseError
from warehouse.export import export_snapshot
from warehouse.fingerprint import fingerprint, is_current, stamp
from warehouse.load import load_batches
from warehouse.models import build_models
from warehouse.snapshots import publish_snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flows.engines import Engine
    from flows.runs import Outcome, Run
    from flows.workspace import Workspace
    from warehouse.context import Context


@dataclass(frozen=True)
class Job:
    """What a run is asked to do; without locations, all that the settings name."""

    workspace: Workspace
    locations: tuple[str, ...] = ()
    is_full: bool = False


class Watch(Protocol):
    """Whoever looks on: a terminal, a log, a Prefect server."""

    def planned(self, source_count: int, notes: Sequence[str]) -> None: ...

    def source(self, name: str, stage: str, done: int, total: int) -> None: ...

    def finished(self, outcome: Outcome) -> None: ...

    def stage(self, name: str) -> None: ...


def run(job: Job, engine: Engine, watch: Watch) -> Run:
    """
    Mine, build and publish once; the home folder is held meanwhile.

    Errors:  AnotherRun at once if a run is at work; SettingsError. Anything later ends the run as
             failed, and its record says why.
    """
    workspace = job.workspace
    context_of(workspace)  # what is wrong with the settings shows before anything is mined
    with sole_run(workspace.runs):
        with _recorded(workspace, new_run(clock())) as record:
            record.mined = mine(job, record.begun, engine, watch)
            # Which repositories a project's groups have is known once they are mined.
            engine.call(lambda: publish(workspace, context_of(workspace), watch))
        return record.ended


@dataclass
class _Record:
    """A run in the making."""

    begun: Run
    ended: Run
    mined: Mined = field(default_factory=Mined)


@contextmanager
def _recorded(workspace: Workspace, begun: Run) -> Iterator[_Record]:
    """Write a run's record when it begins and when it ends, however it ends."""
    record, ticks, problem = _Record(begun, begun), time.perf_counter(), None
    write_run(workspace.runs, begun)
    try:
        yield record
    except (WarehouseError, OSError) as error:
        problem = str(error)
    except KeyboardInterrupt:
        problem = "interrupted; the next run goes on from here"
        raise
    except BaseException as error:
        problem = f"{type(error).__name__}: {error}"
        raise
    finally:
        ended_at = begun.started_at + timedelta(seconds=time.perf_counter() - ticks)
        mined = record.mined
        ended = replace(begun, outcomes=mined.outcomes, notes=mined.notes, problem=problem)
        record.ended = replace(ended, state=_state(workspace, ended), ended_at=ended_at)
        write_run(workspace.runs, record.ended)


def publish(workspace: Workspace, context: Context, watch: Watch) -> bool:
    """
    Bring the warehouse and the exports up to the store; tell whether anything was to be done.

    Errors:  WarehouseError, with what was published before left as it is.
    """
    if not store.all_batches(workspace.store):
        return False
    stamped = fingerprint(workspace.store, context)
    if is_current(workspace.warehouse, workspace.exports, stamped):
        return False
    _build(workspace, context, stamped, watch)
    return True


def rebuild(workspace: Workspace, watch: Watch) -> None:
    """
    Build the warehouse and the exports from the store alone, as if there were none.

    Errors:  AnotherRun, SettingsError, WarehouseError.
    """
    context = context_of(workspace)
    with sole_run(workspace.runs):
        stamped = fingerprint(workspace.store, context)
        _build(workspace, context, stamped, watch, is_fresh=True)


def _build(
    workspace: Workspace, context: Context, stamped: str, watch: Watch, *, is_fresh: bool = False
) -> None:
    with building(workspace.warehouse, is_fresh=is_fresh) as connection:
        watch.stage("loading")
        load_batches(connection, workspace.store)
        watch.stage("building")
        build_models(connection, context)
        watch.stage("checking")
        run_checks(connection)
        stamp(connection, stamped)
    watch.stage("exporting")
    export_snapshot(building_path(workspace.warehouse), workspace.exports, stamped)
    swap_in(workspace.warehouse)
    publish_snapshot(workspace.exports)


def _state(workspace: Workspace, run: Run) -> str:
    has_failed = any(outcome.is_failed for outcome in run.outcomes)
    if run.problem or (has_failed and not workspace.warehouse.exists()):
        return FAILED
    return COMPLETED_WITH_FAILURES if has_failed else COMPLETED
