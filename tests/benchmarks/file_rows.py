"""
Benchmark: from a store to published files, at millions of changed files.

    python -m tests.benchmarks.file_rows [--millions 1]

The stores are made by rule, see large/. Each of the three runs of a size is a process of its own:
the first, one with ten new commits in one of the twenty repositories, and one from nothing again
with them, which shows what an incremental run saves.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from tests.benchmarks.build_models import BLOCKS, THREADS, company, cpu_seconds
from tests.benchmarks.large.raw_rows import GIT, write_raw_rows
from tests.benchmarks.large.store import write_store, write_ten_commits
from warehouse.build.build_file import STORAGE_VERSION, building, building_path, swap_in
from warehouse.build.checks import run_checks
from warehouse.build.incremental import note_build
from warehouse.build.runner import build_models
from warehouse.exports.snapshot import export_snapshot, publish_snapshot
from warehouse.tables.batches import load_batches
from warehouse.tables.raw import create_raw, seal_raw

MILLIONS = (1, 5, 10)
# So many blocks of commits have a million changed files.
BLOCKS_OF_A_MILLION = BLOCKS / 5.164
STAGES = ("open", "load", "build", "check", "note", "commit", "export", "all")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--millions", type=float, help="only this size")
    parser.add_argument("--build", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.build:
        build(arguments.build)
        return
    for millions in [arguments.millions] if arguments.millions else MILLIONS:
        measure(millions)


def measure(millions):
    with tempfile.TemporaryDirectory() as scratch:
        home, other = Path(scratch) / "home", Path(scratch) / "other"
        config = {"storage_compatibility_version": STORAGE_VERSION, "threads": THREADS}
        with duckdb.connect(f"{scratch}/large.duckdb", config=config) as connection:
            connection.execute("set timezone = 'UTC'")
            create_raw(connection)
            write_raw_rows(connection, round(BLOCKS_OF_A_MILLION * millions), GIT)
            seal_raw(connection)
            sources = write_store(connection, home / "store")
            figures = {"first": run(home)}
            write_ten_commits(connection, home / "store", sources[len(sources) // 2])
        figures["ten commits"] = run(home)
        other.mkdir()
        (other / "store").symlink_to(home / "store")
        figures["from nothing"] = run(other)
    print_table(millions, figures)


def run(home):
    """Build in another process: what its stages took, and its peak."""
    command = [sys.executable, "-m", "tests.benchmarks.file_rows", "--build", home]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    answer = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"The build ended with {os.waitstatus_to_exitcode(status)}")
    return {**json.loads(answer), "peak MiB": usage.ru_maxrss / 1024}


def build(home):
    """Do what a run does after mining, and print what it took as JSON."""
    clock = Clock()
    warehouse, exports = home / "quarry.duckdb", home / "exports"
    with building(warehouse, THREADS) as connection:
        clock.tick("open")
        load_batches(connection, home / "store")
        clock.tick("load")
        built = build_models(connection, company())
        clock.tick("build")
        run_checks(connection, built)
        clock.tick("check")
        note_build(connection, built)
        clock.tick("note")
    clock.tick("commit")
    snapshot = export_snapshot(building_path(warehouse), exports, "benchmark")
    swap_in(warehouse)
    publish_snapshot(exports)
    clock.tick("export")
    files = {"files written": snapshot.files_written, "files linked": snapshot.files_linked}
    print(json.dumps({**clock.stages, **files}))


class Clock:
    """Seconds by the clock and of all processors, from stage to stage."""

    def __init__(self):
        self.begun = self.last = time.perf_counter(), cpu_seconds()
        self.stages = {}

    def tick(self, stage):
        now = time.perf_counter(), cpu_seconds()
        self.stages[stage] = now[0] - self.last[0], now[1] - self.last[1]
        self.stages["all"] = now[0] - self.begun[0], now[1] - self.begun[1]
        self.last = now


def print_table(millions, figures):
    print(f"\n{millions:g} million changed files: seconds (of processors)\n")
    print(" " * 16 + "".join(f"{name:>20}" for name in figures))
    for stage in STAGES:
        cells = (f"{wall:,.1f} ({cpu:,.1f})" for wall, cpu in (f[stage] for f in figures.values()))
        print(f"{stage:<16}" + "".join(f"{cell:>20}" for cell in cells))
    for count in ("peak MiB", "files written", "files linked"):
        print(f"{count:<16}" + "".join(f"{figure[count]:>20,.0f}" for figure in figures.values()))


if __name__ == "__main__":
    main()
