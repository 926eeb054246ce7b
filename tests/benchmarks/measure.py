"""Measure time and memory of whole processes, and print a table."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

QUARRY = str(Path(sys.executable).with_name("quarry"))
SAMPLE_SECONDS = 0.02


@dataclass(frozen=True)
class MeasuredCommand:
    """A command to measure, and what makes its start the same each time."""

    name: str
    command: Sequence[str]
    before_each: Callable[[], object] = lambda: None


@dataclass(frozen=True)
class ProcessCost:
    """
    Medians over several runs, and ratios to the first case's run of the same turn.

    Processor seconds and memory are those of a process and all that it started; memory that several
    of them share counts once.
    """

    name: str
    seconds: float
    ratio: float
    cpu_seconds: float
    cpu_ratio: float
    peak_mib: float


def measure(cases, runs):
    """Run all cases in turn, so that what else the machine does falls on each alike."""
    turns = [[_run(case) for case in cases] for _ in range(runs)]
    return [
        ProcessCost(
            case.name,
            *(
                statistics.median(value)
                for kind in (0, 1)
                for value in (
                    [turn[at][kind] for turn in turns],
                    [turn[at][kind] / turn[0][kind] for turn in turns],
                )
            ),
            _peak_mib(case),
        )
        for at, case in enumerate(cases)
    ]


def print_table(title, figures):
    """Print the figures, as rows of Markdown."""
    print(f"\n{title}\n")
    print("| | seconds | ratio | processor s | ratio | peak MiB |\n|" + " --- |" * 6)
    for f in figures:
        times = f"{f.seconds:.2f} | {f.ratio:.2f} | {f.cpu_seconds:.2f} | {f.cpu_ratio:.2f}"
        print(f"| {f.name} | {times} | {f.peak_mib:.0f} |")


def _run(case):
    case.before_each()
    begun = time.perf_counter()
    process = _start(case)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    _expect_success(case, os.waitstatus_to_exitcode(status))
    return seconds, usage.ru_utime + usage.ru_stime


def _peak_mib(case):
    case.before_each()
    process, peak = _start(case), 0
    while process.poll() is None:
        peak = max(peak, sum(map(_kib, tree(process.pid))))
        time.sleep(SAMPLE_SECONDS)
    _expect_success(case, process.returncode)
    return peak / 1024


def _start(case):
    return subprocess.Popen(case.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _expect_success(case, status):
    if status:
        sys.exit(f"{' '.join(case.command)} ended with {status}")


def tree(pid):
    """Name a process and all that descend from it."""
    try:
        found = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return
    yield pid
    for child in " ".join(found).split():
        # Until it runs its own command, a new process is its parent in a second guise.
        if _command_line(child) != _command_line(pid):
            yield from tree(child)


def _command_line(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _kib(pid):
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
