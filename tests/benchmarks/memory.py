"""
Benchmark: memory of a first mining, compared with `git log --numstat`.

    python -m tests.benchmarks.memory [--commits 50000]

Each commit changes three of five thousand files of thirty lines, so every blob is another. git maps
its pack, which counts for both; what is above `git log` is what the mining itself takes.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.measure import MeasuredCommand, measure, print_table
from tests.benchmarks.mining import mining_once
from tests.support.git.repositories import git

COMMITS = (50_000, 100_000, 200_000)
FILES, FILES_PER_COMMIT, LINES = 5_000, 3, 30
FIRST_SECOND = 1_300_000_000


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commits", type=int, help="only this size")
    arguments = parser.parse_args()
    for commits in [arguments.commits] if arguments.commits else COMMITS:
        with tempfile.TemporaryDirectory() as scratch:
            report(write_history(Path(scratch) / "history.git", commits), commits)


def report(repository, commits):
    home = repository.with_name("home")
    once = mining_once(repository, home, 2)
    subprocess.run(once, check=True, capture_output=True)
    cases = [
        MeasuredCommand("`git log --numstat`", ("git", "-C", repository, "log", "--numstat")),
        MeasuredCommand("mining, two workers", once, lambda: shutil.rmtree(home / "store")),
    ]
    log, mining = figures = measure(cases, runs=1)
    print_table(f"{commits:,} commits, {commits * FILES_PER_COMMIT:,} changed files", figures)
    print(f"\n{mining.peak_mib - log.peak_mib:.0f} MiB above `git log`")


def write_history(path, commits):
    git(path.parent, "init", "--quiet", "--bare", "--initial-branch=main", path.name)
    stream = subprocess.Popen(
        ["git", "-C", path, "fast-import", "--quiet"], stdin=subprocess.PIPE, text=True
    )
    with stream.stdin as writer:
        for number in range(commits):
            writer.write(commit(number))
    if stream.wait():
        sys.exit("git fast-import failed")
    return path


def commit(number):
    """Write a commit as git fast-import reads it."""
    author = f"A B <a{number % 500}@example.org> {FIRST_SECOND + 60 * number} +0000"
    message = f"Change number {number}\n"
    files = [(number * 7 + which * 131) % FILES for which in range(FILES_PER_COMMIT)]
    return f"commit refs/heads/main\ncommitter {author}\ndata {len(message)}\n{message}" + "".join(
        change(file, number) for file in files
    )


def change(file, number):
    content = "".join(f"line {line} of {file}\n" for line in range(LINES)) + f"{number}\n"
    return f"M 100644 inline d{file % 100}/f{file}\ndata {len(content)}\n{content}\n"


if __name__ == "__main__":
    main()
