"""Rows of a tracker in the store, read as far as needed."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from miners.records import INSTANT, RECORDS
from miners.store import batches
from miners.tracker.protocol import CHANGE_REQUEST, RECORD_OF

if TYPE_CHECKING:
    from pathlib import Path

    from miners.tracker.fields import Row
    from miners.tracker.protocol import Item, RecordRow

Owner = tuple[str, int]


class StoredItem(NamedTuple):
    """The newest version of an item that was read."""

    updated_at: int
    created_at: int
    comment_count: int | None


class KnownRows:
    """
    The newest versions in a source's batches, and those added in this mining.

    A record is read on first use. Versions differ by their typed columns; counters that only the
    payload has make no version.
    """

    def __init__(self, store: Path, source: str) -> None:
        self._batches = batches(store, source)
        self.is_whole = False
        self._versions: dict[str, dict[str, int]] = {}
        self._members: dict[str, dict[Owner, set[str]]] = {}
        self._items: dict[str, dict[int, StoredItem]] = {}
        self._stamps: dict[str, dict[str, int]] = {}

    def is_new(self, row: RecordRow) -> bool:
        """Return whether a row differs from the stored one of its key."""
        return self._of(row.record).get(row.key) != _version(row.record, row.values)

    def add(self, row: RecordRow) -> None:
        """Add a row to the stored ones."""
        self._of(row.record)[row.key] = _version(row.record, row.values)
        if row.record in self._stamps:
            names = [field.name for field in RECORDS[row.record].fields]
            self._stamps[row.record][row.key] = row.values[names.index("updated_at")] or 0
        if row.kind is not None and row.number is not None:
            self._members[row.record][row.kind, row.number].add(row.key)

    def mark_read(self, item: Item) -> None:
        """Record that an item was read in this version."""
        stored = StoredItem(item.updated_at, item.created_at, item.comment_count)
        self._known_items(item.kind)[item.number] = stored

    def has(self, record: str, key: str) -> bool:
        """Return whether a row is stored, deleted or not."""
        return key in self._of(record)

    def stamp(self, record: str, key: str) -> int | None:
        """Return the newest update time with which a row is stored."""
        if record not in self._stamps:
            columns = [*RECORDS[record].key, "updated_at"]
            stamps = self._stamps[record] = {}
            for *parts, updated_at in self._rows(record, columns):
                stored = "/".join(map(str, parts))
                stamps[stored] = max(stamps.get(stored, 0), updated_at or 0)
        return self._stamps[record].get(key)

    def live(self, record: str) -> set[str]:
        """Return the keys of the rows of a record that are not deleted."""
        return {key for key in self._of(record) if not self.is_deleted(record, key)}

    def is_deleted(self, record: str, key: str) -> bool:
        """Return whether a row is marked as deleted."""
        fate = self._of("tombstones").get(f"{record}/{key}")
        return fate is not None and fate == _version("tombstones", (record, key, True, None, None))

    def count(self, kind: str) -> int:
        """Return the number of items of a kind."""
        return len(self._known_items(kind))

    def numbers(self, kind: str) -> set[int]:
        """Return the numbers of the items of a kind."""
        return set(self._known_items(kind))

    def updated_at(self, kind: str, number: int) -> int | None:
        """Return the newest update time with which an item was read."""
        stored = self._known_items(kind).get(number)
        return None if stored is None else stored.updated_at

    def comment_count(self, kind: str, number: int) -> int | None:
        """Return the comments that the tracker counted when an item was read last."""
        stored = self._known_items(kind).get(number)
        return None if stored is None else stored.comment_count

    def members(self, kind: str, number: int, record: str) -> set[str]:
        """Return the keys of the rows of a record that belong to an item and are not deleted."""
        self._of(record)
        keys = self._members[record].get((kind, number), set())
        return {key for key in keys if not self.is_deleted(record, key)}

    def created_between(self, kind: str, first: int, last: int) -> set[int]:
        """Return the items created from one instant to before another that are not deleted."""
        items = self._known_items(kind).items()
        numbers = {number for number, item in items if first <= item.created_at < last}
        return {number for number in numbers if not self.is_deleted(RECORD_OF[kind], str(number))}

    def _of(self, record: str) -> dict[str, int]:
        if record not in self._versions:
            self._versions[record] = {}
            self._members[record] = defaultdict(set)
            for values in self._rows(record, [f.name for f in _typed_fields(record)]):
                self._take(record, values)
        return self._versions[record]

    def _take(self, record: str, values: Row) -> None:
        facts = dict(zip((f.name for f in _typed_fields(record)), values, strict=True))
        key = "/".join(str(facts[name]) for name in RECORDS[record].key)
        self._versions[record][key] = _hash(record, values)
        if (owner := _owner(record, facts)) is not None:
            self._members[record][owner].add(key)

    def _known_items(self, kind: str) -> dict[int, StoredItem]:
        if kind not in self._items:
            columns = [f"{kind}_number", "updated_at", "created_at", "comment_count"]
            items = self._items[kind] = {}
            for number, *facts in self._rows(RECORD_OF[kind], columns):
                stored = StoredItem(*facts)
                if number not in items or stored.updated_at >= items[number].updated_at:
                    items[number] = stored
        return self._items[kind]

    def _rows(self, record: str, columns: list[str]) -> list[Row]:
        """Return columns of every version, oldest first; instants are integers of microseconds."""
        paths = [path for batch in self._batches for path in batch.paths(record)]
        types = {field.name: field.type for field in RECORDS[record].fields}
        chosen = [
            pl.col(name).dt.epoch("us") if types[name] == INSTANT else pl.col(name)
            for name in columns
        ]
        frames = (_read(path, record, columns).select(chosen) for path in paths)
        return [values for frame in frames for values in frame.iter_rows()]


def _read(path: Path, record: str, columns: list[str]) -> pl.DataFrame:
    """Read columns of a file; those that it lacks, because it is older than they are, are null."""
    there = set(pl.read_parquet_schema(path))
    found = pl.read_parquet(path, columns=[name for name in columns if name in there])
    schema = RECORDS[record].polars_schema
    missing = (pl.lit(None, schema[name]).alias(name) for name in columns if name not in there)
    return found.with_columns(*missing).select(columns)


@cache
def _typed_fields(record: str) -> tuple[Any, ...]:
    return tuple(field for field in RECORDS[record].fields if field.name != "payload")


def _version(record: str, row: Row) -> int:
    return _hash(record, row[: len(_typed_fields(record))])


def _hash(record: str, values: Row) -> int:
    # Another reason for a deletion makes no new version of it.
    return hash(values[:3] if record == "tombstones" else values)


def _owner(record: str, facts: dict[str, Any]) -> Owner | None:
    if "item_kind" in facts:
        return facts["item_kind"], facts["item_number"]
    if record in {"reviews", "change_request_commits"}:
        return CHANGE_REQUEST, facts["change_request_number"]
    return None
