"""
Benchmark: the first run, compared with `git log --numstat`.

    python -m tests.benchmarks.first_run [REPOSITORY]      default: the pytest history in ../shared

The run does everything: mirror, mine, load, build, check, export. The second line starts with the
mirror in place, which is what git log starts with.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.measure import QUARRY, MeasuredCommand, measure, print_table
from tests.support.git.repositories import git

RUNS = 3
PYTEST = Path(__file__).parents[3] / "shared/data/pytest/git.bundle"


def main():
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        given = sys.argv[1:]
        repository = Path(given[0]) if given else clone_of_pytest(Path(scratch))

        def forget():
            shutil.rmtree(home, ignore_errors=True)

        def forget_all_but_mirror():
            for path in home.iterdir():
                if path.name != "mirrors":
                    shutil.rmtree(path) if path.is_dir() else path.unlink()

        copy = Path(scratch) / "copy.git"

        def forget_copy():
            shutil.rmtree(copy, ignore_errors=True)

        run = [QUARRY, "run", "--home", str(home), str(repository)]
        clone = ["git", "clone", "--mirror", "--no-local", str(repository), str(copy)]
        cases = [
            MeasuredCommand(
                "`git log --all --numstat`",
                ["git", "-C", str(repository), "log", "--all", "--numstat"],
            ),
            MeasuredCommand("`git clone --mirror --no-local`", clone, forget_copy),
            MeasuredCommand("`quarry run`, first", run, forget),
            MeasuredCommand("`quarry run`, mirror in place", run, forget_all_but_mirror),
        ]
        print_table(f"First run over {repository.name}", measure(cases, RUNS))


def clone_of_pytest(scratch):
    if not PYTEST.exists():
        sys.exit(f"There is no {PYTEST}; name a repository instead.")
    git(scratch, "clone", "--quiet", "--mirror", str(PYTEST), "pytest.git")
    return scratch / "pytest.git"


if __name__ == "__main__":
    main()
