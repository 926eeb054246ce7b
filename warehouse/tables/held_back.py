"""Batches held back from a build for a failed check or model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from warehouse.connection import open_for_reading
from warehouse.errors import WarehouseError
from warehouse.sql import insert

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from miners.store import Batch

_TABLE = """
    create or replace table meta.held_back (
        source varchar, first_batch bigint, batch_count bigint, failed varchar, fact varchar
    )
"""


@dataclass(frozen=True, kw_only=True)
class HeldBack:
    """
    The newest batches of a source that are not loaded.

    Shape:   failed names the check or model that failed with them; the fact is the first row of
             the check, or DuckDB's message.
    """

    source: str
    first_batch: int
    batch_count: int
    failed: str
    fact: str


@dataclass(frozen=True, kw_only=True)
class Failure:
    """What failed in a build, and the sources without which it does not."""

    failed: str
    fact: str
    sources: Collection[str]


def without_held_back(batches: Iterable[Batch], held_back: Mapping[str, HeldBack]) -> list[Batch]:
    """List the batches that are not held back."""
    return [
        batch
        for batch in batches
        if batch.receipt.source not in held_back
        or batch.receipt.batch < held_back[batch.receipt.source].first_batch
    ]


def hold_back_more(
    batches: Sequence[Batch],
    held_back: Mapping[str, HeldBack],
    failure: Failure,
    published: Mapping[str, HeldBack],
) -> dict[str, HeldBack] | None:
    """
    Hold back the newest batches of the sources that a failure names.

    First those that the published warehouse is without, then twice as many each time.

    Shape:   None if the failure names no source, or all, or one of which nothing is left.
    """
    of_source = _numbers(batches)
    failing = {part for part in of_source if owner(part) in {*map(owner, failure.sources)}}
    if not failing or {*map(owner, failing)} == {*map(owner, of_source)}:
        return None
    more = dict(held_back)
    for source in failing:
        numbers, held = of_source[source], held_back.get(source)
        if held is None and source in published:
            more[source] = published[source]
            continue
        count = min(2 * held.batch_count if held else 1, len(numbers))
        more[source] = HeldBack(
            source=source,
            first_batch=numbers[-count],
            batch_count=count,
            failed=failure.failed,
            fact=failure.fact,
        )
    return None if more == held_back else more


def note_held_back(connection: duckdb.DuckDBPyConnection, held_back: Iterable[HeldBack]) -> None:
    """Record the batches that a build is without."""
    connection.execute(_TABLE)
    rows = [(h.source, h.first_batch, h.batch_count, h.failed, h.fact) for h in held_back]
    insert(connection, "meta.held_back", rows)


def read_held_back(warehouse: Path) -> dict[str, HeldBack]:
    """List the batches that the published warehouse is without, by source."""
    try:
        with open_for_reading(warehouse) as connection:
            rows = connection.execute("from meta.held_back order by source").fetchall()
    except (WarehouseError, duckdb.CatalogException):
        return {}  # it is the first build, or another version made the file
    names = ("source", "first_batch", "batch_count", "failed", "fact")
    held_back = [HeldBack(**dict(zip(names, row, strict=True))) for row in rows]
    return {held.source: held for held in held_back}


def owner(source: str) -> str:
    """Return the repository of a tracker: its history and its tracker are checked together."""
    return source.removesuffix("#tracker")


def _numbers(batches: Iterable[Batch]) -> dict[str, list[int]]:
    numbers: dict[str, list[int]] = {}
    for batch in batches:
        numbers.setdefault(batch.receipt.source, []).append(batch.receipt.batch)
    return numbers
