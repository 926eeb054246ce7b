"""
Benchmark: runs over a hundred repositories with nothing or little new.

    python -m tests.benchmarks.nothing_new

The repositories are asked by file URLs; git alone asks them one after the other.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.benchmarks.measure import QUARRY, MeasuredCommand, measure, print_table
from tests.docs_build.orchard import make_orchard
from tests.support.git.repositories import Repository

REPOSITORIES = 100
RUNS = 5


def main():
    with tempfile.TemporaryDirectory() as scratch:
        folders = [Path(scratch) / f"repository-{n:03}" for n in range(REPOSITORIES)]
        make_orchard(folders[0])
        for folder in folders[1:]:
            shutil.copytree(folders[0], folder)
        urls = [f"file://{folder}" for folder in folders]
        run = [QUARRY, "run", "--home", f"{scratch}/home", *urls]
        subprocess.run(run, check=True, capture_output=True)
        asking = " && ".join(f"git ls-remote --quiet {url}" for url in urls)
        cases = [
            MeasuredCommand("`git ls-remote`, one after the other", ["sh", "-c", asking]),
            MeasuredCommand("`quarry run`, nothing new", run),
            MeasuredCommand("`quarry run`, ten new commits", run, grower(folders[42])),
            MeasuredCommand("`quarry --help`", [QUARRY, "--help"]),
        ]
        print_table(f"{REPOSITORIES} repositories", measure(cases, RUNS))


def grower(folder):
    """Make what puts ten commits on the branch of a repository."""
    repository = Repository(folder)
    repository.seconds = int(repository.text("log", "-1", "--format=%ct"))

    def grow():
        for number in range(10):
            lines = b"leaf\n" * (number + 1)
            repository.commit(b"Grow\n", {"README.md": lines, f"trees/{number}.txt": lines})

    return grow


if __name__ == "__main__":
    main()
