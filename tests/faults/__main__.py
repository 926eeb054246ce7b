"""
Run the fault suite.

Usage: `python -m tests.faults [--long] [name ...]`. It prints a row per fault: what was run, with
how many random examples, and how it ended. The exit code is 1 if any test failed.
"""

from __future__ import annotations

import argparse
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from rich.console import Console
from rich.table import Table

from tests.faults.suite import Counts, Fault, read_suite, run_tests


def main() -> int:
    """Run the chosen faults, some at once, and print the table."""
    faults = {fault.name: fault for fault in read_suite()}
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description="The fault suite")
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(faults))
    parser.add_argument("--long", action="store_true", help="with the full counts: takes hours")
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - faults.keys():
        parser.error(f"no fault is called {', '.join(sorted(unknown))}")
    wanted = [faults[name] for name in chosen.names or faults]
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        results = list(pool.map(partial(run_tests, is_long=chosen.long), wanted))
    for result in results:
        if result.failed:
            print(result.output)
    Console(width=None if sys.stdout.isatty() else 120).print(_table(wanted, results, chosen.long))
    return int(any(result.failed for result in results))


def _table(faults: list[Fault], results: list[Counts], is_long: bool) -> Table:
    table = Table("fault", "tests", "examples", "skipped", "result", "seconds", "not covered")
    for fault, result in zip(faults, results, strict=True):
        examples = f"{fault.examples:,}" if fault.examples and is_long else ""
        counts = (f"{result.passed + result.failed:,}", examples, f"{result.skipped:,}")
        table.add_row(
            fault.name, *counts, result.verdict, f"{result.seconds:.0f}", fault.not_covered
        )
    return table


if __name__ == "__main__":
    sys.exit(main())
