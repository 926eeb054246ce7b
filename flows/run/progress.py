"""Progress of a run: callbacks, rates, and a file of it."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from flows.run.run_records import RUNNING
from flows.run.summary import step
from miners.store import write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from flows.run.run_records import Outcome, Run

WAREHOUSE = "warehouse"
# A rate over less time is chance.
_LEAST_SECONDS = 2.0
_SECONDS_BETWEEN_WRITES = 2.0
_MINUTE, _HOUR = 60.0, 3600.0


class RunProgress(Protocol):
    """Receives the progress of a run: a terminal, a log, a Prefect server."""

    def planned(self, source_count: int, notes: Sequence[str]) -> None: ...

    def source(self, name: str, stage: str, done: int, total: int) -> None: ...

    def finished(self, outcome: Outcome) -> None: ...

    def stage(self, name: str) -> None: ...


class ProgressGroup:
    """Several receivers of the same run's progress."""

    def __init__(self, *receivers: RunProgress) -> None:
        self._receivers = receivers

    def planned(self, source_count: int, notes: Sequence[str]) -> None:
        for receiver in self._receivers:
            receiver.planned(source_count, notes)

    def source(self, name: str, stage: str, done: int, total: int) -> None:
        for receiver in self._receivers:
            receiver.source(name, stage, done, total)

    def finished(self, outcome: Outcome) -> None:
        for receiver in self._receivers:
            receiver.finished(outcome)

    def stage(self, name: str) -> None:
        for receiver in self._receivers:
            receiver.stage(name)


class Pace:
    """The rate of each stage and the time that it still takes, from when it was reported."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._began: dict[tuple[str, str], tuple[float, int]] = {}

    def text(self, name: str, stage: str, done: int, total: int) -> str:
        """Write how far a stage of a source is, how fast, and what is left."""
        at = self._now()
        began_at, began_with = self._began.setdefault((name, stage.partition(" (")[0]), (at, done))
        seconds, gained = at - began_at, done - began_with
        shown = step(stage, done, total)
        if seconds < _LEAST_SECONDS or gained <= 0:
            return shown
        rate = gained / seconds
        left = f", {duration((total - done) / rate)} left" if total > done else ""
        return f"{shown}, {rate:,.0f}/s{left}" if rate >= 1 else f"{shown}{left}"


def duration(seconds: float) -> str:
    """Write a duration in the unit that suits it."""
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    return f"{seconds / _MINUTE:.0f} min" if seconds < _HOUR else f"{seconds / _HOUR:.1f} h"


class ProgressFile:
    """A file with a line for each source in progress, written at most every two seconds."""

    def __init__(self, path: Path) -> None:
        self._path, self._pace, self._lock = path, Pace(), threading.Lock()
        self._active: dict[str, str] = {}
        self._source_count = self._finished = 0
        self._written_at = 0.0

    def planned(self, source_count: int, notes: Sequence[str]) -> None:  # noqa: ARG002
        self._source_count = source_count

    def source(self, name: str, stage: str, done: int, total: int) -> None:
        with self._lock:
            self._active[name] = self._pace.text(name, stage, done, total)
            self._write()

    def finished(self, outcome: Outcome) -> None:
        with self._lock:
            self._active.pop(outcome.name, None)
            self._finished += 1
            self._write()

    def stage(self, name: str) -> None:
        with self._lock:
            self._active = {WAREHOUSE: name}
            self._write()

    def _write(self) -> None:
        now = time.monotonic()
        if now - self._written_at < _SECONDS_BETWEEN_WRITES:
            return
        self._written_at = now
        lines = [f"{self._finished:,} of {self._source_count:,} sources mined"]
        lines += [f"{name}: {text}" for name, text in self._active.items()]
        with suppress(OSError):  # a full disk is named by what needs it
            write_atomically(self._path, "\n".join(lines))


def progress_file(runs: Path, run_id: str) -> Path:
    """Return the file with the progress of a run."""
    return runs / f"{run_id}.progress"


def progress_lines(runs: Path, run: Run) -> list[str]:
    """Read how far a run in progress is; nothing of one that ended."""
    with suppress(OSError):
        if run.state == RUNNING:
            return progress_file(runs, run.run_id).read_text("utf-8").splitlines()
    return []
