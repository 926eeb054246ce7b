"""
The way of the data, from sources to published files.

1. plan     which sources to mine, and how
2. mine     each source into batches of the store; what fails is named and stops nobody else
3. load     new batches of the store into the raw tables of a warehouse built aside
4. build    staging, graph, facts and marts from raw
5. check    the data checks; a failed one publishes nothing
6. publish  the exports' new snapshot, then the warehouse and the exports by rename
7. close    the quarters that are due by the settings

3 to 6 are in publishing.py, 7 is in sealing.py.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from flows.run.mine import Mined, mine
from flows.run.publish import publish
from flows.run.run_records import (
    COMPLETED,
    COMPLETED_WITH_FAILURES,
    FAILED,
    new_run,
    sole_run,
    write_run,
)
from flows.run.seal import Closed, seal_due
from flows.settings.environment import clock
from flows.settings.workspace import context_of
from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flows.run.engines import Engine
    from flows.run.job import Job
    from flows.run.progress import Watch
    from flows.run.run_records import Run
    from flows.settings.workspace import Workspace


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
            record.closed = engine.call(lambda: _publish(workspace, watch))
        return record.ended


@dataclass
class _Record:
    """A run in the making."""

    begun: Run
    ended: Run
    mined: Mined = field(default_factory=Mined)
    closed: Closed = field(default_factory=Closed)


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
        mined, notes = record.mined, (*record.mined.notes, *record.closed.notes)
        ended = replace(begun, outcomes=mined.outcomes, notes=notes, problem=problem)
        record.ended = replace(ended, state=_state(workspace, ended), ended_at=ended_at)
        write_run(workspace.runs, record.ended)


def _publish(workspace: Workspace, watch: Watch) -> Closed:
    publish(workspace, context_of(workspace), watch)
    return seal_due(workspace, watch)


def _state(workspace: Workspace, run: Run) -> str:
    has_failed = any(outcome.is_failed for outcome in run.outcomes)
    if run.problem or (has_failed and not workspace.warehouse.exists()):
        return FAILED
    return COMPLETED_WITH_FAILURES if has_failed else COMPLETED
