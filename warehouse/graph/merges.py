"""Merges and the commits that each brought in."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from warehouse.graph.ancestry import NOWHERE, Ancestry
from warehouse.graph.brought_in import brought_in
from warehouse.graph.imports import imported_commits, turn_pulls
from warehouse.sql import literal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from duckdb import DuckDBPyConnection

MAINLINE: dict[str, Any] = {
    "source": pl.String(),
    "commit_hash": pl.String(),
    "mainline_number": pl.Int64(),
    "landed_by_hash": pl.String(),
    "is_imported": pl.Boolean(),
}
MERGES: dict[str, Any] = {
    "source": pl.String(),
    "merge_hash": pl.String(),
    "is_on_first_parent_chain": pl.Boolean(),
    "is_pull": pl.Boolean(),
    "commit_count": pl.Int64(),
    "imported_count": pl.Int64(),
    "first_authored_at": pl.Int64(),
    "first_committed_at": pl.Int64(),
}
HEADS: dict[str, Any] = {
    "source": pl.String(),
    "change_request_number": pl.Int64(),
    "commit_count": pl.Int64(),
    "first_authored_at": pl.Int64(),
}

TIPS = "select source, default_branch_hash from staging.repositories order by source"
UNKNOWN = (None, None, None, None)
# Later than any instant, so that a minimum needs no check for missing times.
NEVER = 2**63 - 1

COMMITS = """
    select
        source,
        commit_hash,
        parent_hashes,
        case when epoch_us(authored_at) > 0 then epoch_us(authored_at) end as authored,
        case when epoch_us(committed_at) > 0 then epoch_us(committed_at) end as committed
    from staging.commits
"""
REQUESTS = """
    select source, change_request_number, head_hash
    from staging.change_request_heads
    order by source, change_request_number
"""
PULLS = "select source, commit_hash from staging.pull_merges"
# The tables of the queries above.
READS = frozenset(
    f"staging.{name}" for name in ("repositories", "commits", "pull_merges", "change_request_heads")
)
TABLES = ("graph.mainline", "graph.merges", "graph.change_request_heads")


@dataclass(frozen=True)
class History:
    """
    The commits of one source, as columns of one length.

    Shape:   a missing parent, of a root or never mined, is NOWHERE.
    Units:   microseconds since 1970 in UTC; NEVER where there is no usable time.
    """

    hashes: pl.Series
    parents: list[list[int]]
    authored: list[int]
    committed: list[int]
    roots: list[int]


class _ArrowStream:
    """A frame that exposes only its Arrow capsule, so that DuckDB needs no pyarrow."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


def build_graph(connection: DuckDBPyConnection, sources: Collection[str] | None = None) -> None:
    """
    Write graph.mainline, graph.merges and graph.change_request_heads from staging.

    Shape:   with sources, only their deleted rows are written again. mainline has every commit
             that the default branch reaches, numbered where it is on the first-parent chain (its
             root is 1), and flagged where it was imported; at a merge of git pull the chain
             follows the second parent, the branch before. merges has every merge commit; the
             commits that it brought in are null where its first parent was never mined, and the
             first instants are those of commits that were not imported. change_request_heads has
             the heads that Git keeps, with the commits that the default branch does not reach.
    """
    tips = {
        source: tip
        for source, tip in connection.execute(TIPS).fetchall()
        if sources is None or source in sources
    }
    requests = _read(connection, REQUESTS)
    mainline, merges = [pl.DataFrame(schema=MAINLINE)], [pl.DataFrame(schema=MERGES)]
    heads = [pl.DataFrame(schema=HEADS)]
    pulls = _read(connection, PULLS)
    for source, read in histories(connection, tips):
        named = read.hashes.is_in(pulls.filter(source=source)["commit_hash"].implode()).arg_true()
        parents, pulled = turn_pulls(read.parents, read.roots, set(named))
        history = replace(read, parents=parents)
        ancestry = Ancestry(history.parents, _place(history.hashes, tips[source]))
        imported = imported_commits(ancestry, history.roots)
        mainline.append(_mainline(source, history, ancestry, imported))
        merges.append(_merges(source, history, ancestry, imported, pulled))
        heads.append(_heads(requests.filter(source=source), history, ancestry))
    connection.execute("create schema if not exists graph")
    adds = sources is not None
    write_graph(connection, "mainline", pl.concat(mainline), adds=adds)
    instants = pl.col("^first_.*_at$").cast(pl.Datetime("us", "UTC"))
    write_graph(connection, "merges", pl.concat(merges).with_columns(instants), adds=adds)
    all_heads = pl.concat(heads).with_columns(instants)
    write_graph(connection, "change_request_heads", all_heads, adds=adds)


def histories(
    connection: DuckDBPyConnection, sources: Collection[str]
) -> Iterator[tuple[str, History]]:
    """Yield the commits of each of some sources."""
    chosen = f"where source in ({', '.join(map(literal, sources))})"
    commits = _read(connection, f"{COMMITS}{chosen}") if sources else pl.DataFrame()
    for source in sources:
        yield source, _history(commits.filter(source=source))


def _history(frame: pl.DataFrame) -> History:
    places = frame.select("commit_hash").with_row_index("place")
    parents = (
        frame.select(commit_hash=pl.col("parent_hashes").str.split(" "))
        .with_row_index("commit")
        .explode("commit_hash")
        .join(places, on="commit_hash", how="left", maintain_order="left")
        .group_by("commit", maintain_order=True)
        .agg(pl.col("place").cast(pl.Int64).fill_null(NOWHERE))
    )
    return History(
        frame["commit_hash"],
        parents["place"].to_list(),
        frame["authored"].fill_null(NEVER).to_list(),
        frame["committed"].fill_null(NEVER).to_list(),
        (frame["parent_hashes"] == "").arg_true().to_list(),
    )


def _place(hashes: pl.Series, commit_hash: str | None) -> int:
    found = (hashes == commit_hash).arg_true() if commit_hash else None
    return NOWHERE if found is None or found.is_empty() else int(found[0])


def _mainline(
    source: str, history: History, ancestry: Ancestry, imported: bytearray
) -> pl.DataFrame:
    chain = pl.Series(ancestry.chain, dtype=pl.Int64())
    number = pl.Series("number", ancestry.landed_by, dtype=pl.Int64())
    flags = pl.Series(imported, dtype=pl.UInt8()).cast(pl.Boolean())
    landed = (
        pl.DataFrame({"commit_hash": history.hashes, "number": number, "is_imported": flags})
        .with_row_index("place")
        .filter(number <= len(chain))
    )
    landed_by = chain.gather(landed["number"] - 1)
    return landed.select(
        pl.lit(source).alias("source"),
        "commit_hash",
        pl.when(pl.col("place") == landed_by).then("number").alias("mainline_number"),
        landed_by_hash=history.hashes.gather(landed_by),
        is_imported="is_imported",
    )


def _merges(
    source: str, history: History, ancestry: Ancestry, imported: bytearray, pulls: set[int]
) -> pl.DataFrame:
    merges = [merge for merge, own in enumerate(history.parents) if len(own) > 1]
    known = [merge for merge in merges if history.parents[merge][0] != NOWHERE]
    authored = brought_in(ancestry, known, imported, history.authored, NEVER)
    committed = brought_in(ancestry, known, imported, history.committed, NEVER)
    rows = []
    for merge in merges:
        is_on_chain = ancestry.number_of(merge) is not None
        of, until = authored.get(merge), committed.get(merge)
        summary = (
            (of.count, of.imported_count, _time(of.first), _time(until.first))
            if of and until
            else UNKNOWN
        )
        rows.append((source, history.hashes[merge], is_on_chain, merge in pulls, *summary))
    return pl.DataFrame(rows, schema=MERGES, orient="row")


def _heads(requests: pl.DataFrame, history: History, ancestry: Ancestry) -> pl.DataFrame:
    rows = []
    places = pl.DataFrame({"head_hash": history.hashes}).with_row_index("place")
    placed = requests.join(places, on="head_hash", how="left", maintain_order="left")
    for source, number, place in placed.drop("head_hash").iter_rows():
        own = ancestry.not_landed(NOWHERE if place is None else place)
        first = min(map(history.authored.__getitem__, own), default=NEVER)
        rows.append((source, number, len(own), _time(first)))
    return pl.DataFrame(rows, schema=HEADS, orient="row")


def _time(instant: int) -> int | None:
    return None if instant == NEVER else instant


def _read(connection: DuckDBPyConnection, select: str) -> pl.DataFrame:
    """Read a frame through a file: DuckDB 2.0's Arrow export leaks memory."""
    with tempfile.TemporaryDirectory() as folder:
        file = f"{folder}/rows.parquet"
        connection.execute(f"copy ({select}) to {literal(file)} (format parquet)")
        return pl.read_parquet(file)


def write_graph(
    connection: DuckDBPyConnection, table: str, frame: pl.DataFrame, *, adds: bool = False
) -> None:
    """Write a frame as a table of the schema graph, or append it to an existing one."""
    connection.register("graph_frame", _ArrowStream(frame))
    how = "insert into graph.{}" if adds else "create or replace table graph.{} as"
    connection.execute(f"{how.format(table)} from graph_frame")
    connection.unregister("graph_frame")
