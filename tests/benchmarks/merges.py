"""
Benchmark: assign commits to merges and change request heads.

    python -m tests.benchmarks.merges [REPOSITORY]      default: generated histories

Branches of three commits begin some way behind the main line; every third takes the main line in
before it lands. A second line that never lands takes the main line in at every hundredth merge.
Change request heads are branches that were squashed or are open: no merge has them.
"""

from __future__ import annotations

import hashlib
import random
import sys
from pathlib import Path

import duckdb
import polars as pl

from tests.benchmarks.build_models import cpu_seconds
from tests.support.git.repositories import git
from warehouse.graph.merges import build_graph, write_graph

SIZES = ((3_750, 2_000), (15_000, 8_000), (60_000, 32_000))
BRANCH_COMMITS = 3
MOST_BEHIND = 300
RUNS = 3
SOURCE = "made/up"
STAGING = {
    "repositories": "select $1 as source, '' as default_branch_hash",
    "pull_merges": "select $1 as source, '' as commit_hash where false",
    "change_request_heads": "select $1 as source, * from graph.made_heads",
    "commits": "select $1 as source, commit_hash, parent_hashes, "
    "to_timestamp(1e9 + second) as authored_at, authored_at as committed_at "
    "from graph.made_commits",
}


class MadeHistory:
    """Commits with their parents, by number."""

    def __init__(self, merges, requests):
        self._random = random.Random(20240601)
        self.parents, self.heads = [()], []
        main, second = [0], 0
        for number in range(merges):
            branch = self._branch(main)
            if number % 3 == 0:
                branch = self._add(branch, main[-1])
            main.append(self._add(main[-1], branch))
            if number % 100 == 0:
                second = self._add(self._add(second), main[-1])
        self.tip = main[-1]
        self.heads = [self._branch(main) for _ in range(requests)]

    def _branch(self, main):
        commit = main[-self._random.randint(1, min(MOST_BEHIND, len(main)))]
        for _ in range(BRANCH_COMMITS):
            commit = self._add(commit)
        return commit

    def _add(self, *parents):
        self.parents.append(parents)
        return len(self.parents) - 1


class RepositoryHistory:
    """The commits of a repository that any of its refs reaches; heads are those of requests."""

    def __init__(self, repository):
        listed = git(repository, "log", "--all", "--reverse", "--topo-order", "--format=%H %P")
        commits = [line.split() for line in listed.decode().splitlines()]
        number = {commit: at for at, (commit, *_) in enumerate(commits)}
        self.parents = [tuple(number[own] for own in parents) for _, *parents in commits]
        self.tip = number[git(repository, "rev-parse", "HEAD").decode().strip()]
        heads = git(repository, "for-each-ref", "--format=%(objectname)", "refs/pull/*/head")
        self.heads = [number[head] for head in heads.decode().split() if head in number]


def main():
    given = sys.argv[1:]
    sizes = [lambda size=size: MadeHistory(*size) for size in SIZES]
    print("| merges | change request heads | commits | seconds | µs a commit |\n|" + " --- |" * 5)
    for make in [lambda: RepositoryHistory(Path(given[0]))] if given else sizes:
        history = make()
        with duckdb.connect() as connection:
            stage(connection, history)
            seconds = min(timed(connection) for _ in range(RUNS))
            (found,) = connection.execute("select count(*) from graph.merges").fetchone()
        commits = len(history.parents)
        each = seconds / commits * 1e6
        print(f"| {found:,} | {len(history.heads):,} | {commits:,} | {seconds:.2f} | {each:.1f} |")


def timed(connection):
    """Take the processor seconds of building the graph, on all threads."""
    begun = cpu_seconds()
    build_graph(connection)
    return cpu_seconds() - begun


def stage(connection, history):
    """Show what the graph reads of staging."""
    numbers = range(len(history.parents))
    commits = pl.DataFrame(
        {
            "commit_hash": [name(number) for number in numbers],
            "parent_hashes": [" ".join(map(name, own)) for own in history.parents],
            "second": list(numbers),
        }
    )
    heads = pl.DataFrame({"head_hash": [name(head) for head in history.heads]})
    connection.execute("create schema graph; create schema staging")
    write_graph(connection, "made_commits", commits)
    write_graph(connection, "made_heads", heads.with_row_index("change_request_number"))
    for table, select in STAGING.items():
        connection.execute(f"create table staging.{table} as {select}", [SOURCE])
    connection.execute(
        "update staging.repositories set default_branch_hash = $1", [name(history.tip)]
    )


def name(number):
    """Name a commit as git would: names do not come in the order of history."""
    return hashlib.sha1(str(number).encode(), usedforsecurity=False).hexdigest()


if __name__ == "__main__":
    main()
