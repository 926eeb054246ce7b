"""
The pipeline: sources to published files.

1. plan     list the sources to mine
2. mine     each source into batches of the store; a failed source stops no other
3. load     new batches of the store into the raw tables of a copy of the warehouse
4. build    all models from raw
5. check    the data checks; a source that fails one is published without its newest batches
6. publish  a new snapshot of the exports, then rename the warehouse and the exports
7. seal     the quarters that are due by the settings

1 and 2 are in run/mine.py, 3 to 6 in run/publish.py, 7 in run/seal.py.
"""

from __future__ import annotations

import shutil
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from flows.run.delivery_notes import delivery_notes
from flows.run.keeping.lost_parts import lost_store
from flows.run.lock import sole_run
from flows.run.mine import MiningResult, mine
from flows.run.progress import ProgressFile, ProgressGroup, progress_file
from flows.run.publish import held_back_notes, publish
from flows.run.run_records import COMPLETED, COMPLETED_WITH_FAILURES, FAILED, new_run, write_run
from flows.run.seal import AutomaticSeals, seal_due
from flows.settings.environment import clock
from flows.settings.workspace import context_of
from miners.errors import MiningError
from warehouse.connection import machine_failure
from warehouse.errors import MachineFailed, WarehouseError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flows.run.engines import Engine
    from flows.run.job import Job
    from flows.run.progress import RunProgress
    from flows.run.run_records import Run
    from flows.settings.workspace import Workspace


_MIB = 1 << 20
# What the smallest run writes: the warehouse, its copy while it is built, and its exports.
_FIRST_BUILD_BYTES = 32 * _MIB


def run(job: Job, engine: Engine, progress: RunProgress) -> Run:
    """
    Mine, build and publish once, with the home folder locked.

    Errors:  RunInProgress at once; SettingsError. A later error ends the run as failed, with a
             problem in its record.
    """
    workspace = job.workspace
    context_of(workspace)  # raises for wrong settings before anything is mined
    with sole_run(workspace.runs):
        with _recorded(workspace, new_run(clock())) as record:
            file = progress_file(workspace.runs, record.started.run_id)
            progress = ProgressGroup(progress, ProgressFile(file))
            if lost := lost_store(workspace):
                raise lost
            _require_space(workspace)
            record.mining = mine(job, record.started, engine, progress)
            # The repositories of a project's groups are known only after mining.
            record.publication = engine.call(lambda: _publish(workspace, progress))
        return record.ended


def _require_space(workspace: Workspace) -> None:
    """Raise for a disk that is too full: a build copies the warehouse, and exports what changed."""
    home, built = workspace.home, workspace.warehouse
    needed = _FIRST_BUILD_BYTES + (3 * built.stat().st_size if built.exists() else 0)
    free = shutil.disk_usage(home).free
    if free < needed:
        amounts = f"{free / _MIB:,.0f} MiB are free, and a run needs about {needed / _MIB:,.0f}"
        raise MachineFailed(f"{home}: {amounts}", "Free some space there, then run again")


@dataclass(frozen=True)
class _Publication:
    """The automatic seals of a run, its notes on what was published, and on what was not."""

    seals: AutomaticSeals = field(default_factory=AutomaticSeals)
    notes: tuple[str, ...] = ()
    held_back: tuple[str, ...] = ()

    @property
    def all_notes(self) -> tuple[str, ...]:
        return (*self.held_back, *self.notes, *self.seals.notes)


@dataclass
class _RunRecord:
    """The record of a run, while it is in progress."""

    started: Run
    ended: Run
    mining: MiningResult = field(default_factory=MiningResult)
    publication: _Publication = field(default_factory=_Publication)


@contextmanager
def _recorded(workspace: Workspace, started: Run) -> Iterator[_RunRecord]:
    """Write the record of a run when it starts and when it ends for any reason."""
    record, ticks, problem = _RunRecord(started, started), time.perf_counter(), None
    write_run(workspace.runs, started)
    try:
        yield record
    except (MiningError, WarehouseError, OSError) as error:
        problem = str(machine_failure(error, workspace.home) or error)
    except KeyboardInterrupt:
        problem = "interrupted; the next run resumes from the last finished batch"
        raise
    except BaseException as error:
        problem = f"{type(error).__name__}: {error}"
        raise
    finally:
        ended_at = started.started_at + timedelta(seconds=time.perf_counter() - ticks)
        mining, publication = record.mining, record.publication
        notes = (*mining.notes, *publication.all_notes)
        ended = replace(started, outcomes=mining.outcomes, notes=notes, problem=problem)
        state = _state(workspace, ended, publication)
        record.ended = replace(ended, state=state, ended_at=ended_at)
        for left in workspace.runs.glob("*.progress"):
            left.unlink(missing_ok=True)
        # Where the disk is full, the message is all that is left.
        with suppress(OSError):
            write_run(workspace.runs, record.ended)


def _publish(workspace: Workspace, progress: RunProgress) -> _Publication:
    publish(workspace, context_of(workspace), progress)
    held_back = held_back_notes(workspace.warehouse)
    notes = delivery_notes(workspace)
    return _Publication(seal_due(workspace, progress), notes, held_back)


def _state(workspace: Workspace, run: Run, publication: _Publication) -> str:
    has_failed = any(outcome.is_failed for outcome in run.outcomes) or publication.held_back
    if run.problem or (has_failed and not workspace.warehouse.exists()):
        return FAILED
    return COMPLETED_WITH_FAILURES if has_failed else COMPLETED
