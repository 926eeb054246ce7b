"""Time whole processes and weigh them, and print the result as a table."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

QUARRY = str(Path(sys.executable).with_name("quarry"))


@dataclass(frozen=True)
class Figure:
    """Median seconds, and the largest single process, over several runs."""

    name: str
    seconds: float
    peak_mib: float


def measure(name, command, runs, *, before_each=lambda: None):
    """Run a command several times; what it prints is thrown away."""
    seconds, peaks = [], []
    for _ in range(runs):
        before_each()
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds.append(time.perf_counter() - begun)
        peaks.append(usage.ru_maxrss / 1024)
        if status:
            sys.exit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return Figure(name, statistics.median(seconds), max(peaks))


def print_table(title, figures, rival):
    """Print the figures beside the rival's."""
    print(f"\n{title}\n")
    print(f"{'':<42}{'seconds':>10}{'ratio':>8}{'peak MiB':>10}")
    for figure in figures:
        ratio = figure.seconds / rival.seconds
        print(f"{figure.name:<42}{figure.seconds:>10.2f}{ratio:>8.2f}{figure.peak_mib:>10.0f}")
    print("\npeak: the largest single process; below 60 MiB it is the measuring program itself")
