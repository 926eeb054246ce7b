"""The lock of the home folder: one run at a time."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from flows.run.run_records import CRASHED, RUNNING, read_runs, write_run
from miners.store import make_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# The operating system releases the lock of a process that ends, however it ends.
_LOCK_FILE = "quarry.lock"


def lock_path(runs: Path) -> Path:
    """Return the file whose lock a run has."""
    return runs.parent / _LOCK_FILE


class RunInProgress(Exception):
    """Another run has the lock of the home folder."""


@contextmanager
def sole_run(runs: Path) -> Iterator[None]:
    """
    Lock the home folder for one run, and mark the records of killed runs as crashed.

    Errors:  RunInProgress, at once, while another process has the lock.
    """
    make_folder(runs)
    try:
        with FileLock(lock_path(runs), timeout=0):
            for run in read_runs(runs):
                if run.state == RUNNING:
                    write_run(runs, replace(run, state=CRASHED))
            yield
    except Timeout as error:
        raise RunInProgress(in_progress_message(runs)) from error


def is_in_progress(runs: Path) -> bool:
    """Return whether a run is in progress; who may only read the home folder can ask, too."""
    try:
        with lock_path(runs).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except BlockingIOError:
        return True
    return False


def in_progress_message(runs: Path) -> str:
    """Return a message that names the run in progress: its process, host and start."""
    run = next((run for run in read_runs(runs) if run.state == RUNNING), None)
    process = "unknown"
    if run:
        where = f" on {run.host}" if run.host else ""
        process = f"process {run.pid}{where}, since {run.started_at:%Y-%m-%d %H:%M} UTC"
    problem = f"another run is in progress in {runs.parent} ({process})"
    return f"{problem}. Wait for it, or end that process."
