"""
A run with nothing new on ten repositories, beside asking each of them for its refs.

    python -m tests.benchmarks.nothing_new
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from tests.benchmarks.measure import QUARRY, Case, measure, print_table
from tests.docs.orchard import make_orchard

REPOSITORIES = 10
RUNS = 5


def main():
    with tempfile.TemporaryDirectory() as scratch:
        folders = [Path(scratch) / f"repository-{n}" for n in range(REPOSITORIES)]
        for folder in folders:
            make_orchard(folder)
        run = [QUARRY, "run", "--home", f"{scratch}/home", *map(str, folders)]
        subprocess.run(run, check=True, capture_output=True)
        asking = " && ".join(f"git ls-remote --quiet {folder}" for folder in folders)
        cases = [
            Case("`git ls-remote`, one after the other", ["sh", "-c", asking]),
            Case("`quarry run`, nothing new", run),
            Case("`quarry --help`", [QUARRY, "--help"]),
        ]
        print_table(f"Nothing new on {REPOSITORIES} repositories", measure(cases, RUNS))


if __name__ == "__main__":
    main()
