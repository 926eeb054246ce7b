"""A ledger to records: read its files, write the rows that changed, and note which are gone."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import polars as pl

from miners import store
from miners.batch import BatchWriter
from miners.errors import SourceDenied
from miners.ledger.files import CALENDAR, LedgerFile
from miners.ledger.opening import is_part, open_ledger
from miners.ledger.reading import horizon, read_ledger
from miners.ledger.tables import FILE, TABLES
from miners.records import INSTANT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from miners.ledger.address import LedgerSource
    from miners.ledger.opening import Opened
    from miners.ledger.reading import Reading
    from miners.ledger.rows import SetAside
    from miners.ledger.tables import Table
    from miners.plan import MiningPlan, Progress
    from miners.store import Receipt

    Key = tuple[str, str]
    Values = tuple[Any, ...]

# Raise it when the same files would be read as other rows.
_READER_VERSION = 1
# How many rows were right, and how many set aside, when the ledger was last read.
ROWS, SET_ASIDE = "rows", "set_aside"
REMOVED = "removed"


def mine_ledger(source: LedgerSource, plan: MiningPlan, progress: Progress) -> Receipt:
    """
    Mine what changed in a ledger and write it as one batch.

    Shape:   the batch's receipt; one without files when no file changed.
    Errors:  MiningError; where only some files cannot be read, the rows of all others are kept.
    """
    progress("asking", 0, 0)
    opened = open_ledger(source, plan.host.kept)
    state = _state(source, opened, plan)
    before = store.latest(plan.store, source.id)
    cursor = store.cursor(plan.store, before) if before else {}
    if before and not plan.is_full and is_unchanged(cursor, state):
        with BatchWriter(plan.store, source.id, plan.run_id, plan.observed_at) as batch:
            return batch.finish_unchanged()
    progress("reading", 0, 0)
    reading = read_ledger(source, opened, plan.observed_at)
    receipt = _write(source, plan, reading, state)
    if reading.unread:
        raise _cannot_read(source, reading)
    return receipt


def survey(source: LedgerSource, plan: MiningPlan) -> tuple[Reading, bool]:
    """
    Read a ledger and write nothing.

    Shape:   what it holds, and whether that is new since it was last mined.
    Errors:  MiningError where it cannot be read at all.
    """
    opened = open_ledger(source, plan.host.kept)
    before = store.latest(plan.store, source.id)
    cursor = store.cursor(plan.store, before) if before else {}
    is_new = not is_unchanged(cursor, _state(source, opened, plan))
    return read_ledger(source, opened, plan.observed_at), is_new


def is_unchanged(cursor: dict[str, Any], state: dict[str, Any]) -> bool:
    """Tell whether a ledger holds just what was read, all of it, up to a cursor."""
    return cursor.get("state") == state and not cursor["unread"]


def _state(source: LedgerSource, opened: Sequence[Opened], plan: MiningPlan) -> dict[str, Any]:
    """Say everything that the rows of a ledger depend on."""
    files = {file.name: _digest(data) for file, data in opened if is_part(data)}
    has_calendar = any(isinstance(f, LedgerFile) and f.format == CALENDAR for f, _ in opened)
    words = json.dumps([asdict(source.words), source.table, source.project], sort_keys=True)
    return {
        "version": _READER_VERSION,
        "name": source.name,
        "location": source.location,
        "time_zone": source.time_zone,
        "words": _digest(words.encode()),
        "files": files,
        "horizon": horizon(plan.observed_at).isoformat() if has_calendar else None,
    }


def _digest(data: object) -> str | None:
    return hashlib.sha256(data).hexdigest() if isinstance(data, bytes) else None


def _write(
    source: LedgerSource, plan: MiningPlan, reading: Reading, state: dict[str, Any]
) -> Receipt:
    known, gone = _known(plan.store, source.id), _gone(plan.store, source.id)
    with BatchWriter(plan.store, source.id, plan.run_id, plan.observed_at) as batch:
        batch.add("ledgers", [(source.name, source.location, source.time_zone)])
        for key, row in reading.rows.items():
            if known.get(key) != row.values:
                batch.add(row.table.record.name, [row.values])
            if key in gone:
                batch.add("tombstones", [_tombstone(key, is_gone=False)])
        removed = [key for key in _removed(known, reading) if key not in gone]
        batch.add("tombstones", [_tombstone(key, is_gone=True) for key in removed])
        batch.add("rejects", [_reject(one) for one in reading.set_aside])
        cursor = {
            "state": state,
            "unread": sorted(reading.unread),
            ROWS: len(reading.rows),
            SET_ASIDE: len(reading.set_aside),
        }
        return batch.finish(cursor, is_partial=bool(reading.unread))


def _removed(known: dict[Key, Values], reading: Reading) -> Iterator[Key]:
    """Name what stands in the ledger no more, as far as it could be read."""
    if reading.unread:
        return
    unsure = {(one.table.name, one.key) for one in reading.set_aside}
    for key, values in known.items():
        file = values[TABLES[key[0]].positions[FILE]]
        if key not in reading.rows and key not in unsure and file not in reading.forgetful:
            yield key


def _known(stored: Path, source: str) -> dict[Key, Values]:
    """Read the newest version of each row of a ledger, gone or not."""
    return {
        (table.name, values[table.positions[table.id_column]]): values
        for table in TABLES.values()
        for values in _newest(stored, source, table)
    }


def _newest(stored: Path, source: str, table: Table) -> list[Values]:
    frame = store.newest(stored, source, table.record.name)
    columns = [
        pl.col(one.name).dt.epoch("us") if one.type == INSTANT else pl.col(one.name)
        for one in table.record.fields
    ]
    return frame.select(columns).rows()


def _gone(stored: Path, source: str) -> set[Key]:
    names = {table.record.name: table.name for table in TABLES.values()}
    rows = store.newest(stored, source, "tombstones").filter("is_gone")
    return {(names[record], key) for record, key in rows.select("record", "record_key").rows()}


def _tombstone(key: Key, *, is_gone: bool) -> Values:
    table, record_key = key
    return TABLES[table].record.name, record_key, is_gone, REMOVED if is_gone else None, None


def _reject(one: SetAside) -> Values:
    # Another wrong row may stand in the same line tomorrow.
    digest = hashlib.sha256(one.payload + one.reason.encode()).hexdigest()[:8]
    return one.table.record.name, f"{one.place} {digest}", one.reason, one.payload


def _cannot_read(source: LedgerSource, reading: Reading) -> SourceDenied:
    (name, first), *others = reading.unread.items()
    more = f"; {len(others):,} more cannot be read" if others else ""
    remedy = f"{first.remedy}. Until then nothing of this ledger counts as removed"
    return SourceDenied(source.id, f"{name}: {first.problem}{more}", remedy)
