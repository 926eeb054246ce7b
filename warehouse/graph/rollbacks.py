"""Deployments that took an environment back to an older commit."""

# ruff: noqa: S608 - what is put into SQL here is our own names
from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import polars as pl

from warehouse.graph.ancestry import NOWHERE, Ancestry
from warehouse.graph.merges import histories, write_graph
from warehouse.sql import literal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from duckdb import DuckDBPyConnection

    from warehouse.graph.ancestry import Parents

    # By project and environment or group: the number and the commit of each deployment, in order.
    Sequences = dict[tuple[str, str], list[tuple[int, str]]]

DEPLOYMENTS = "intermediate.project_deployments"
_PLACE = "coalesce(environment_group, name)"
SCHEMA: dict[str, Any] = {
    "project": pl.String(),
    "source": pl.String(),
    "deployment_number": pl.Int64(),
    "rolled_back_number": pl.Int64(),
}


def build_rollbacks(connection: DuckDBPyConnection, sources: Collection[str] | None = None) -> None:
    """
    Write graph.rollbacks: each deployment of a commit that the one before it contains.

    Shape:   the deployment before it in the same environment, or group of environments, is the one
             that it rolled back.
    """
    chosen = f"and source in ({', '.join(map(literal, sources))})" if sources else ""
    deployments = _by_source(
        connection.execute(
            f"select source, project, {_PLACE}, deployment_number, commit_hash from {DEPLOYMENTS} "
            f"where deployment_kind = 'deployment' and commit_hash is not null {chosen} "
            f"order by source, project, {_PLACE}, deployment_number"
        ).fetchall()
    )
    rows = [
        row
        for source, history in histories(connection, deployments)
        for row in _rollbacks(source, deployments[source], history.hashes, history.parents)
    ]
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    write_graph(connection, "rollbacks", frame, adds=bool(sources))


def is_older(parents: Parents, generations: Sequence[int], commit: int, than: int) -> bool:
    """Return whether a commit is an ancestor of another one."""
    if generations[commit] >= generations[than]:
        return False
    found, seen = [than], {than}
    for descendant in found:
        for parent in parents[descendant]:
            if parent == commit:
                return True
            if parent != NOWHERE and parent not in seen:
                # An ancestor of the commit has a lower generation.
                if generations[parent] > generations[commit]:
                    found.append(parent)
                seen.add(parent)
    return False


def _rollbacks(
    source: str, sequences: Sequences, hashes: pl.Series, parents: Parents
) -> Iterator[tuple[str, str, int, int]]:
    places = {commit: place for place, commit in enumerate(hashes)}
    generations = Ancestry(parents, NOWHERE).generations
    for (project, _), deployments in sequences.items():
        placed = [(number, places.get(commit, NOWHERE)) for number, commit in deployments]
        for (before, newer), (number, older) in pairwise(placed):
            if NOWHERE not in {newer, older} and is_older(parents, generations, older, newer):
                yield project, source, number, before


def _by_source(rows: Iterable[tuple[Any, ...]]) -> dict[str, Sequences]:
    sources: dict[str, Sequences] = defaultdict(lambda: defaultdict(list))
    for source, project, name, number, commit in rows:
        sources[source][project, name].append((number, commit))
    return sources
