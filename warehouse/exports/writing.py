"""Write partitions as Parquet files, several quarters sorted at once."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from warehouse.exports.layout import Partition, select_of
from warehouse.sql import literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import duckdb

GENERATOR = "quarry"
# Larger files have several row groups, whose sizes depend on how DuckDB cuts what it reads.
ROW_GROUP = 122_880
# Rows that are sorted at once.
MOST_ROWS = 1_000_000
SORTED = "temp.sorted_rows"


def write_partitions(
    connection: duckdb.DuckDBPyConnection, folder: Path, parts: Sequence[Partition]
) -> None:
    """Write partitions, those of a table adjacent, each into its empty folder."""
    for _, of_table in groupby(parts, lambda part: part.table.name):
        for group in _groups(of_table):
            if len(group) > 1:
                _write_sorted(connection, folder, group)
            else:
                _copy(connection, select_of(group), folder, group[0])


def _groups(parts: Iterator[Partition]) -> Iterator[list[Partition]]:
    """Group partitions to sort at once; one with several row groups is alone."""
    group: list[Partition] = []
    rows = 0
    for part in parts:
        if part.rows > ROW_GROUP:
            yield [part]
            continue
        if group and rows + part.rows > MOST_ROWS:
            yield group
            group, rows = [], 0
        group.append(part)
        rows += part.rows
    if group:
        yield group


def _write_sorted(
    connection: duckdb.DuckDBPyConnection, folder: Path, parts: Sequence[Partition]
) -> None:
    """Evaluate and sort the rows of some partitions once, and write each from them."""
    connection.execute(f"create or replace temp table {SORTED} as {select_of(parts)}")
    start = 0
    for part in parts:
        end = start + part.rows
        rows = f"from {SORTED} where rowid >= {start} and rowid < {end}"
        _copy(connection, rows, folder, part)
        start = end
    connection.execute(f"drop table {SORTED}")


def _copy(
    connection: duckdb.DuckDBPyConnection, select: str, folder: Path, part: Partition
) -> None:
    connection.execute(
        f"copy ({select}) to {literal(str(folder / part.path))} (format parquet, "
        f"compression zstd, kv_metadata {{generator: {literal(GENERATOR)}, "
        f"schema_version: {literal(part.table.schema_version)}}})"
    )
