"""First deployment that contains each commit, and commits of branches."""

# ruff: noqa: S608 - what is put into SQL here is our own names
from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import polars as pl

from warehouse.graph.ancestry import NOWHERE
from warehouse.graph.merges import histories, write_graph
from warehouse.graph.rollbacks import build_rollbacks
from warehouse.sql import literal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from duckdb import DuckDBPyConnection

    from warehouse.graph.ancestry import Parents

DEPLOYMENTS = "intermediate.project_deployments"
BRANCHES = "intermediate.project_branches"
COMMITS = "staging.commits"
SCHEMA: dict[str, Any] = {
    "project": pl.String(),
    "source": pl.String(),
    "number": pl.Int64(),
    "commit_hash": pl.String(),
}


def build_deployed(connection: DuckDBPyConnection, sources: Collection[str] | None = None) -> None:
    """Write graph.deployed_commits: the commits that each deployment reaches first."""
    _build(connection, DEPLOYMENTS, "deployment_number", "deployed_commits", sources)


def build_branches(connection: DuckDBPyConnection, sources: Collection[str] | None = None) -> None:
    """Write graph.branch_commits: the commits that the branches of a partial project reach."""
    _build(connection, BRANCHES, "branch_number", "branch_commits", sources)


# By name: its meaning, its input, its function.
REACHES = {
    "deployed_commits": ("What each deployment first reaches.", DEPLOYMENTS, build_deployed),
    "rollbacks": ("What took an environment back.", DEPLOYMENTS, build_rollbacks),
    "branch_commits": ("The branch of a project that first reaches it.", BRANCHES, build_branches),
}


def first_reached(parents: Parents, tips: Sequence[int]) -> list[list[int]]:
    """List for each tip in order the commits that no earlier tip reaches."""
    is_reached = bytearray(len(parents))
    return [_reach(parents, tip, is_reached) for tip in tips]


def _reach(parents: Parents, tip: int, is_reached: bytearray) -> list[int]:
    found = [tip] if tip != NOWHERE and not is_reached[tip] else []
    for commit in found:
        is_reached[commit] = True
        for parent in parents[commit]:
            if parent != NOWHERE and not is_reached[parent]:
                is_reached[parent] = True
                found.append(parent)
    return found


def _build(
    connection: DuckDBPyConnection,
    table: str,
    number: str,
    name: str,
    sources: Collection[str] | None,
) -> None:
    chosen = f"and source in ({', '.join(map(literal, sources))})" if sources else ""
    chains = _chains(
        connection.execute(
            f"select source, project, {number}, commit_hash from {table} "
            f"where commit_hash is not null {chosen} order by source, project, {number}"
        ).fetchall()
    )
    frames = [pl.DataFrame(schema=SCHEMA)]
    for source, history in histories(connection, chains):
        places = {commit: place for place, commit in enumerate(history.hashes)}
        for project, tips in chains[source].items():
            starts = [places.get(commit, NOWHERE) for _, commit in tips]
            reached = first_reached(history.parents, starts)
            for (count, _), commits in zip(tips, reached, strict=True):
                frames.append(_frame(project, source, count, history.hashes.gather(commits)))
    write_graph(connection, name, pl.concat(frames).rename({"number": number}), adds=bool(sources))


def _chains(rows: Iterable[tuple[Any, ...]]) -> dict[str, dict[str, list[tuple[int, str]]]]:
    chains: dict[str, dict[str, list[tuple[int, str]]]] = defaultdict(lambda: defaultdict(list))
    for source, project, number, commit in rows:
        chains[source][project].append((number, commit))
    return chains


def _frame(project: str, source: str, number: int, commits: pl.Series) -> pl.DataFrame:
    same = {"project": project, "source": source, "number": number}
    named = {name: pl.lit(value, SCHEMA[name]) for name, value in same.items()}
    return pl.DataFrame({"commit_hash": commits}).select(**named, commit_hash="commit_hash")
