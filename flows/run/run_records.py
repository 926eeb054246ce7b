"""
Records of runs, and the lock of the home folder.

A run writes its record when it starts and again when it ends. A record in the state "running"
without a held lock is that of a killed run.
"""

from __future__ import annotations

import json
import os
import secrets
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from miners.store import make_folder, write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RUNNING, COMPLETED, FAILED, CRASHED = "running", "completed", "failed", "crashed"
COMPLETED_WITH_FAILURES = "completed with failed sources"
NEW, UNCHANGED, EMPTY = "new", "unchanged", "empty"
_KEPT_RUNS = 1000


class RunInProgress(Exception):
    """Another run has the lock of the home folder."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The result of mining one source."""

    source: str
    name: str
    state: str
    rows: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    problem: str | None = None
    remedy: str | None = None

    @property
    def is_failed(self) -> bool:
        return self.state == FAILED


@dataclass(frozen=True, kw_only=True)
class Run:
    """The record of one run."""

    run_id: str
    started_at: datetime
    pid: int
    state: str = RUNNING
    ended_at: datetime | None = None
    outcomes: tuple[Outcome, ...] = ()
    problem: str | None = None
    # What was skipped for lack of a setting; nothing that failed.
    notes: tuple[str, ...] = ()


def new_run(started_at: datetime) -> Run:
    """Return a record named after its start, so that names sort by time."""
    run_id = f"{started_at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    return Run(run_id=run_id, started_at=started_at, pid=os.getpid())


@contextmanager
def sole_run(runs: Path) -> Iterator[None]:
    """
    Lock the home folder for one run, and mark the records of killed runs as crashed.

    Errors:  RunInProgress, at once, while another process has the lock.
    """
    make_folder(runs)
    try:
        with FileLock(runs.parent / "quarry.lock", timeout=0):
            for run in read_runs(runs):
                if run.state == RUNNING:
                    write_run(runs, replace(run, state=CRASHED))
            yield
    except Timeout as error:
        raise RunInProgress(_in_progress_message(runs)) from error


def is_in_progress(runs: Path) -> bool:
    """Return whether a run is in progress in this home folder."""
    if not runs.is_dir():
        return False
    try:
        with FileLock(runs.parent / "quarry.lock", timeout=0):
            return False
    except Timeout:
        return True


def write_run(runs: Path, run: Run) -> None:
    """Write the record of a run, and delete the oldest beyond a thousand."""
    write_atomically(runs / f"{run.run_id}.json", json.dumps(asdict(run), indent=1, default=str))
    for path in sorted(runs.glob("*.json"))[:-_KEPT_RUNS]:
        path.unlink()


def read_runs(runs: Path) -> list[Run]:
    """Read all records, newest first."""
    return [_read(path) for path in sorted(runs.glob("*.json"), reverse=True)]


def _read(path: Path) -> Run:
    facts: dict[str, Any] = json.loads(path.read_text("utf-8"))
    for name in ("started_at", "ended_at"):
        facts[name] = datetime.fromisoformat(facts[name]) if facts[name] else None
    facts["outcomes"] = tuple(Outcome(**outcome) for outcome in facts["outcomes"])
    facts["notes"] = tuple(facts.get("notes", ()))
    return Run(**facts)


def _in_progress_message(runs: Path) -> str:
    run = next((run for run in read_runs(runs) if run.state == RUNNING), None)
    process = f"process {run.pid}, since {run.started_at:%Y-%m-%d %H:%M} UTC" if run else "unknown"
    problem = f"another run is in progress in {runs.parent} ({process})"
    return f"{problem}. Wait for it, or end that process."
