"""
Benchmark: the first mining of a repository, compared with `git log --numstat`.

    python -m tests.benchmarks.mining [REPOSITORY ...]     default: the pytest history in ../shared

The history is that of HEAD, the mirror is in place; parsing, storing and Python's start count.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from miners.git.address import GitSource, parse_location
from miners.git.mine import mine_git
from miners.plan import HostEnvironment, MiningPlan
from tests.benchmarks.first_run import PYTEST
from tests.benchmarks.measure import MeasuredCommand, measure, print_table
from tests.benchmarks.other_tools import head_of

RUNS = 5
ONE_CORE = ("taskset", "--cpu-list", "0")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repositories", nargs="*", type=Path)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--once", nargs=2, metavar=("HOME", "WORKERS"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.once:
        mine_once(arguments.repositories[0], Path(arguments.once[0]), int(arguments.once[1]))
        return
    with tempfile.TemporaryDirectory() as scratch:
        for repository in arguments.repositories or [head_of(PYTEST, Path(scratch))]:
            report(repository.resolve(), Path(scratch) / "home", arguments.runs)


def report(repository, home, runs):
    shutil.rmtree(home, ignore_errors=True)
    log = ("git", "-C", str(repository), "log", "--numstat")
    two, one = (mining_once(repository, home, workers) for workers in (2, 1))
    subprocess.run(two, check=True, capture_output=True)

    def forget():
        shutil.rmtree(home / "store")

    cases = [
        MeasuredCommand("`git log --numstat`", log),
        MeasuredCommand("mining, two workers", two, forget),
        MeasuredCommand("mining, one worker on one core", (*ONE_CORE, *one), forget),
        MeasuredCommand(
            "of it Python's start", (sys.executable, "-c", f"import {mine_git.__module__}")
        ),
    ]
    figures = measure(cases, runs)
    shutil.rmtree(home / "store")
    done = subprocess.run(two, check=True, capture_output=True)
    print_table(f"First mining of {repository.name}", figures)
    print_sizes(json.loads(done.stdout), repository)


def mining_once(repository, home, workers):
    """Name the command that mines a repository as one run does."""
    command = (sys.executable, "-m", "tests.benchmarks.mining", str(repository))
    return (*command, "--once", str(home), str(workers))


def print_sizes(mined, repository):
    pack = sum(path.stat().st_size for path in repository.rglob("*.pack"))
    commits, stored = mined["commits"], mined["bytes"]
    print(
        f"\n{commits:,} commits, {mined['commit_files']:,} files, pack {pack >> 20:,} MiB;", end=" "
    )
    print(f"store {stored >> 10:,} KiB, {stored / pack:.2f} of the pack,", end=" ")
    print(f"{stored / commits:.0f} bytes a commit")


def mine_once(repository, home, workers):
    identity, where, protocol = parse_location(str(repository), Path.cwd())
    source = GitSource(id=identity, name=repository.name, location=where, protocol=protocol)
    host = HostEnvironment({"PATH": os.environ["PATH"]})
    at = datetime(2024, 6, 1, tzinfo=UTC)
    plan = MiningPlan(
        store=home / "store",
        mirrors=home / "mirrors",
        run_id="run",
        observed_at=at,
        host=host,
        workers=workers,
    )
    begun = time.perf_counter()
    receipt = mine_git(source, plan, lambda *_: None)
    found = {name: receipt.rows(name) for name in ("commits", "commit_files")}
    stored = sum(file.bytes for file in receipt.files)
    print(json.dumps(found | {"bytes": stored, "seconds": time.perf_counter() - begun}))


if __name__ == "__main__":
    main()
