"""Mine a ledger: read its files, write changed rows, detect removed ones."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from miners import store
from miners.batch import BatchWriter
from miners.errors import SourceDenied
from miners.ledger.files import CALENDAR, LedgerFile
from miners.ledger.findings import findings
from miners.ledger.opening import is_part, open_ledger
from miners.ledger.reading import horizon, read_ledger
from miners.ledger.tables import FILE, TABLES
from miners.records import INSTANT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from miners.ledger.address import LedgerSource
    from miners.ledger.opening import Opened
    from miners.ledger.reading import LedgerContent
    from miners.ledger.rows import RejectedRow
    from miners.ledger.tables import LedgerTable
    from miners.plan import MiningPlan, Progress
    from miners.store import Receipt

    Key = tuple[str, str]
    Values = tuple[Any, ...]

# Increase it when the same files give other rows.
_READER_VERSION = 2
# Numbers of accepted and rejected rows when the ledger was last read; the values are stored keys.
ROWS, REJECTED, FINDINGS = "rows", "set_aside", "findings"
REMOVED = "removed"


def mine_ledger(source: LedgerSource, plan: MiningPlan, progress: Progress) -> Receipt:
    """
    Mine what changed in a ledger and write it as one batch.

    Shape:   the batch's receipt; one without files when no file changed.
    Errors:  MiningError; if only some files cannot be read, the rows of all others are kept.
    """
    progress("polling", 0, 0)
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
    if reading.unreadable:
        raise _cannot_read(source, reading)
    return receipt


def survey(source: LedgerSource, plan: MiningPlan) -> tuple[LedgerContent, bool]:
    """
    Read a ledger and write nothing.

    Shape:   its content, and whether that is new since it was last mined.
    Errors:  MiningError if it cannot be read at all.
    """
    opened = open_ledger(source, plan.host.kept)
    before = store.latest(plan.store, source.id)
    cursor = store.cursor(plan.store, before) if before else {}
    is_new = not is_unchanged(cursor, _state(source, opened, plan))
    return read_ledger(source, opened, plan.observed_at), is_new


def is_unchanged(cursor: dict[str, Any], state: dict[str, Any]) -> bool:
    """Return whether a ledger has the state of a cursor, and all of it was read."""
    return cursor.get("state") == state and not cursor["unread"]


def _state(source: LedgerSource, opened: Sequence[Opened], plan: MiningPlan) -> dict[str, Any]:
    """Return everything that the rows of a ledger depend on."""
    files = {file.name: _digest(data) for file, data in opened if is_part(data)}
    has_calendar = any(isinstance(f, LedgerFile) and f.format == CALENDAR for f, _ in opened)
    options = replace(source, id="", name="", location="", path=None, url=None, token=None)
    settings = json.dumps(asdict(options), sort_keys=True, default=str)
    return {
        "version": _READER_VERSION,
        "name": source.name,
        "location": source.location,
        "time_zone": source.time_zone,
        "words": _digest(settings.encode()),
        "files": files,
        "horizon": horizon(plan.observed_at).isoformat() if has_calendar else None,
    }


def _digest(data: object) -> str | None:
    return hashlib.sha256(data).hexdigest() if isinstance(data, bytes) else None


def _write(
    source: LedgerSource, plan: MiningPlan, reading: LedgerContent, state: dict[str, Any]
) -> Receipt:
    stored, deleted = _stored_rows(plan.store, source.id), _deleted(plan.store, source.id)
    with BatchWriter(plan.store, source.id, plan.run_id, plan.observed_at) as batch:
        found = findings(reading, source)
        ledger = (source.name, source.location, source.time_zone, "\n".join(found) or None)
        batch.add("ledgers", [ledger])
        for key, row in reading.rows.items():
            if stored.get(key) != row.values:
                batch.add(row.table.record.name, [row.values])
            if key in deleted:
                batch.add("tombstones", [_tombstone(key, is_gone=False)])
        removed = [key for key in _removed(stored, reading) if key not in deleted]
        batch.add("tombstones", [_tombstone(key, is_gone=True) for key in removed])
        batch.add("rejects", [_reject(rejected) for rejected in reading.rejected])
        cursor = {
            "state": state,
            "unread": sorted(reading.unreadable),
            ROWS: len(reading.rows),
            REJECTED: len(reading.rejected),
            FINDINGS: found,
        }
        return batch.finish(cursor, is_partial=bool(reading.unreadable))


def _removed(stored: dict[Key, Values], reading: LedgerContent) -> Iterator[Key]:
    """Yield the stored rows that are no longer in the ledger, if it could be read."""
    if reading.unreadable:
        return
    unsure = {(rejected.table.name, rejected.key) for rejected in reading.rejected}
    for key, values in stored.items():
        file = values[TABLES[key[0]].positions[FILE]]
        if key not in reading.rows and key not in unsure and file not in reading.partial_files:
            yield key


def _stored_rows(stored: Path, source: str) -> dict[Key, Values]:
    """Return the newest version of each stored row, deleted or not."""
    return {
        (table.name, values[table.positions[table.id_column]]): values
        for table in TABLES.values()
        for values in _newest(stored, source, table)
    }


def _newest(stored: Path, source: str, table: LedgerTable) -> list[Values]:
    frame = store.newest(stored, source, table.record.name)
    columns = [
        pl.col(field.name).dt.epoch("us") if field.type == INSTANT else pl.col(field.name)
        for field in table.record.fields
    ]
    return frame.select(columns).rows()


def _deleted(stored: Path, source: str) -> set[Key]:
    names = {table.record.name: table.name for table in TABLES.values()}
    rows = store.newest(stored, source, "tombstones").filter("is_gone")
    return {(names[record], key) for record, key in rows.select("record", "record_key").rows()}


def _tombstone(key: Key, *, is_gone: bool) -> Values:
    table, record_key = key
    return TABLES[table].record.name, record_key, is_gone, REMOVED if is_gone else None, None


def _reject(rejected: RejectedRow) -> Values:
    # Another row with an error may be in the same line later.
    digest = hashlib.sha256(rejected.payload + rejected.reason.encode()).hexdigest()[:8]
    return (
        rejected.table.record.name,
        f"{rejected.place} {digest}",
        rejected.reason,
        rejected.payload,
    )


def _cannot_read(source: LedgerSource, reading: LedgerContent) -> SourceDenied:
    (name, first), *others = reading.unreadable.items()
    more = f"; {len(others):,} more cannot be read" if others else ""
    remedy = f"{first.remedy}. Until then no row of this ledger is marked as removed"
    return SourceDenied(source.id, f"{name}: {first.problem}{more}", remedy)
