"""
Records of runs.

A run writes its record when it starts and again when it ends. A record in the state "running"
while nobody has the lock of the home folder is that of a killed run.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from miners.store import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

RUNNING, COMPLETED, FAILED, CRASHED = "running", "completed", "failed", "crashed"
COMPLETED_WITH_FAILURES = "completed with failed sources"
NEW, UNCHANGED, EMPTY = "new", "unchanged", "empty"
_KEPT_RUNS = 1000
_FORMAT = 1


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
    # Records of versions before 0.3 have none.
    host: str = ""
    state: str = RUNNING
    ended_at: datetime | None = None
    outcomes: tuple[Outcome, ...] = ()
    problem: str | None = None
    # What was skipped for lack of a setting; nothing that failed.
    notes: tuple[str, ...] = ()


def new_run(started_at: datetime) -> Run:
    """Return a record named after its start, so that names sort by time."""
    run_id = f"{started_at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    return Run(run_id=run_id, started_at=started_at, pid=os.getpid(), host=socket.gethostname())


def write_run(runs: Path, run: Run) -> None:
    """Write the record of a run, and delete the oldest beyond a thousand."""
    facts = asdict(run) | {"format": _FORMAT}
    write_atomically(runs / f"{run.run_id}.json", json.dumps(facts, indent=1, default=str))
    for path in sorted(runs.glob("*.json"))[:-_KEPT_RUNS]:
        path.unlink()


def read_runs(runs: Path) -> list[Run]:
    """Read all records, newest first, without those that cannot be read."""
    read = (_read(path) for path in sorted(runs.glob("*.json"), reverse=True))
    return [run for run in read if run is not None]


def unreadable_runs(runs: Path, read: Iterable[Run]) -> list[Path]:
    """List the records not among those read: damaged, or written by a newer version of Quarry."""
    names = {run.run_id for run in read}
    return [path for path in sorted(runs.glob("*.json")) if path.stem not in names]


def _read(path: Path) -> Run | None:
    try:
        facts: dict[str, Any] = json.loads(path.read_text("utf-8"))
        if facts.pop("format", _FORMAT) != _FORMAT:
            return None
        for name in ("started_at", "ended_at"):
            facts[name] = datetime.fromisoformat(facts[name]) if facts[name] else None
        facts["outcomes"] = tuple(Outcome(**outcome) for outcome in facts["outcomes"])
        facts["notes"] = tuple(facts.get("notes", ()))
        return Run(**facts)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
