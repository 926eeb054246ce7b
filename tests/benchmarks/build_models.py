"""
Benchmark: build all models and checks for a large company.

    python -m tests.benchmarks.build_models [--scale 0.1] [--models]

The raw tables are made by rule, see large/; loading them is not measured. The build is what a run
does: a copy of the warehouse file, one transaction, two threads.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

from flows.settings.workspace import tracker_kinds
from tests.benchmarks.large.raw_rows import GIT, TRACKERS, write_raw_rows
from warehouse.build.build_file import STORAGE_VERSION, building
from warehouse.build.checks import run_checks
from warehouse.build.runner import build_models
from warehouse.context import Context, IdentityRule, Project
from warehouse.rules import rule
from warehouse.tables.raw import create_raw, seal_raw

# 33 commits and 15 items each.
BLOCKS = 30_300
SCALES = (0.1, 1.0)
THREADS = 2
SLOWEST = 20
COSTS = ("build_seconds", "check_seconds", "cpu_seconds", "peak_mib")
RULES = (
    ("deployments", "deployment"),
    *(("environments", "production"), ("incident_labels", "label-7"), ("test_labels", "label-9")),
    *(("hotfix_labels", "label-11"), ("left_out_labels", "label-13")),
)
SIZES = ("commits", "commit_files", "issues", "change_requests", "item_events", "comments")


@dataclass(frozen=True)
class BuildCost:
    """What one build took."""

    rows: dict
    build_seconds: float
    check_seconds: float
    cpu_seconds: float
    peak_mib: float
    statements: list


class TimedConnection:
    """A connection that notes the processor time of each statement, on all threads."""

    def __init__(self, connection):
        self._connection = connection
        self.statements = []

    def __getattr__(self, name):
        return getattr(self._connection, name)

    def execute(self, statement, *parameters):
        begun = cpu_seconds()
        try:
            return self._connection.execute(statement, *parameters)
        finally:
            self.statements.append((cpu_seconds() - begun, name_of(statement)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", type=float, help="only this size; 1 is a million commits")
    parser.add_argument("--models", action="store_true", help="list the slowest statements")
    parser.add_argument("--build", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.build:
        build(arguments.build)
        return
    scales = SCALES if arguments.scale is None else (arguments.scale,)
    figures = [measure(scale) for scale in scales]
    print_table(figures)
    if arguments.models:
        print_statements(figures[-1].statements)


def measure(scale):
    with tempfile.TemporaryDirectory() as scratch:
        warehouse = Path(scratch) / "quarry.duckdb"
        rows = make_raw(warehouse, scale)
        command = [sys.executable, "-m", "tests.benchmarks.build_models", "--build", warehouse]
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        answer = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"The build ended with {os.waitstatus_to_exitcode(status)}")
    return BuildCost(rows, **json.loads(answer), peak_mib=usage.ru_maxrss / 1024)


def make_raw(warehouse, scale):
    config = {"storage_compatibility_version": STORAGE_VERSION, "threads": THREADS}
    with duckdb.connect(str(warehouse), config=config) as connection:
        connection.execute("set timezone = 'UTC'")
        create_raw(connection)
        write_raw_rows(connection, round(BLOCKS * scale), GIT + TRACKERS)
        seal_raw(connection)
        noted = connection.execute("select table_name, row_count from meta.raw_tables").fetchall()
        return dict(noted)


def build(warehouse):
    """Build in this process, and print what it took as JSON."""
    with building(warehouse, THREADS) as connection:
        timed = TimedConnection(connection)
        begun, cpu = time.perf_counter(), cpu_seconds()
        build_models(timed, company())
        built = time.perf_counter()
        run_checks(timed)
        checked = time.perf_counter()
        answer = {
            "build_seconds": built - begun,
            "check_seconds": checked - built,
            "cpu_seconds": cpu_seconds() - cpu,
            "statements": timed.statements,
        }
    print(json.dumps(answer))


def company():
    """Put the 20 repositories into 8 projects."""
    sources = [f"github.com/large/repository-{number:02}" for number in range(20)]
    rules = tuple(rule(name, pattern) for name, pattern in RULES)
    projects = tuple(
        Project(name=f"p{n}", title=f"Project {n}", sources=tuple(sources[n::8]), rules=rules)
        for n in range(8)
    )
    return Context(
        projects=projects,
        identity_rules=(IdentityRule("bot", r"\[bot\]"),),
        tracker_kinds=tracker_kinds(),
    )


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def name_of(statement):
    """Cut a statement to the first words that distinguish it."""
    return " ".join(statement.replace("select count(*) over (), bad.* from (", "").split())[:70]


def print_table(figures):
    sizes = [(name, [figure.rows[name] for figure in figures], ",.0f") for name in SIZES]
    costs = [(name, [getattr(figure, name) for figure in figures], ",.1f") for name in COSTS]
    print()
    for name, values, form in (*sizes, *costs):
        cells = "".join(f"{value:>14{form}}" for value in values)
        growth = f"{values[-1] / values[0]:>8.1f}" if len(values) > 1 else ""
        print(f"{name:<18}{cells}{growth}")


def print_statements(statements):
    print(f"\n{'cpu seconds':>12}  statement")
    for seconds, name in sorted(statements, reverse=True)[:SLOWEST]:
        print(f"{seconds:>12.2f}  {name}")


if __name__ == "__main__":
    main()
