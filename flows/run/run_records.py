"""
Our own record of runs: one small file each, beside the lock that keeps two runs apart.

A run writes its record when it begins and again when it ends. A record that still says "running"
while nobody holds the lock is of a run that was killed.
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

from miners.store import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RUNNING, COMPLETED, FAILED, CRASHED = "running", "completed", "failed", "crashed"
COMPLETED_WITH_FAILURES = "completed with failed sources"
NEW, UNCHANGED, EMPTY = "new", "unchanged", "empty"
_KEPT_RUNS = 1000


class AnotherRun(Exception):
    """Another run holds the home folder."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What mining one source came to."""

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
    """One run, as recorded."""

    run_id: str
    started_at: datetime
    pid: int
    state: str = RUNNING
    ended_at: datetime | None = None
    outcomes: tuple[Outcome, ...] = ()
    problem: str | None = None
    # What was left out for want of a setting: nothing that failed.
    notes: tuple[str, ...] = ()


def new_run(started_at: datetime) -> Run:
    """Name a run by its start, so that names sort by time."""
    run_id = f"{started_at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    return Run(run_id=run_id, started_at=started_at, pid=os.getpid())


@contextmanager
def sole_run(runs: Path) -> Iterator[None]:
    """
    Hold the home folder for one run; records of killed runs are marked crashed.

    Errors:  AnotherRun, at once, while another process holds it.
    """
    runs.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(runs.parent / "quarry.lock", timeout=0):
            for run in read_runs(runs):
                if run.state == RUNNING:
                    write_run(runs, replace(run, state=CRASHED))
            yield
    except Timeout as error:
        raise AnotherRun(_who(runs)) from error


def is_held(runs: Path) -> bool:
    """Tell whether a run goes on in this home folder."""
    if not runs.is_dir():
        return False
    try:
        with FileLock(runs.parent / "quarry.lock", timeout=0):
            return False
    except Timeout:
        return True


def write_run(runs: Path, run: Run) -> None:
    """Record a run as it stands; the oldest records beyond a thousand go."""
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


def _who(runs: Path) -> str:
    held = next((run for run in read_runs(runs) if run.state == RUNNING), None)
    who = f"process {held.pid}, since {held.started_at:%Y-%m-%d %H:%M} UTC" if held else "unknown"
    return f"another run is at work in {runs.parent} ({who}). Wait for it, or end that process."
