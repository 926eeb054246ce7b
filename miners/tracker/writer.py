"""Write one mining in several batches, so that a kill loses little."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from miners.batch import BatchWriter
from miners.tracker.known_rows import KnownRows
from miners.tracker.protocol import Deletion, tombstone
from miners.tracker.responses import REMOVED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from miners.plan import MiningPlan
    from miners.store import Receipt
    from miners.tracker.protocol import Detail, RecordRow

# A batch is closed at this many rows, or details of this many items.
ROWS_PER_BATCH, ITEMS_PER_BATCH = 20_000, 250


class TrackerWriter:
    """Write the new rows of a source; leaving the context loses only the current batch."""

    def __init__(self, source: str, plan: MiningPlan) -> None:
        self.stored = KnownRows(plan.store, source)
        self.receipts: list[Receipt] = []
        self._source, self._plan = source, plan
        self._batch = self._open()
        self._rows = self._items = 0

    def __enter__(self) -> Self:
        self._batch.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._batch.__exit__(kind, error, trace)

    def add(self, row: RecordRow) -> bool:
        """Write a row unless it is stored; return whether it was new."""
        self._rows += (is_new := self.stored.is_new(row))
        if is_new:
            self._batch.add(row.record, [row.values])
            self.stored.add(row)
        if row.record not in {"tombstones", "rejects"}:
            self.mark_restored(row.record, row.key)
        return is_new

    def add_all(self, rows: Iterable[RecordRow]) -> bool:
        """Write rows; return whether any was new."""
        return sum(map(self.add, rows)) > 0

    def add_detail(self, kind: str, number: int, detail: Detail) -> bool:
        """Write the rows of an item, and mark its missing rows as deleted."""
        self._items += 1
        is_new = self.add_all(detail.rows)
        read = {(row.record, row.key) for row in detail.rows}
        # A rejected row may be any of the stored ones.
        unsure = {row.values[0] for row in detail.rows if row.record == "rejects"}
        for record in sorted(set(detail.whole) - unsure):
            for key in sorted(self.stored.members(kind, number, record)):
                if (record, key) not in read:
                    self.mark_deleted(record, key, Deletion(REMOVED))
                    is_new = True
        return is_new

    def mark_deleted(self, record: str, key: str, deletion: Deletion) -> bool:
        """Mark a row as deleted."""
        return self.add(tombstone(record, key, deletion))

    def checkpoint(self, cursor: dict[str, Any]) -> None:
        """Close the batch once it is large; the mining continues in another."""
        if self._rows < ROWS_PER_BATCH and self._items < ITEMS_PER_BATCH:
            return
        self.receipts.append(self._batch.finish(cursor, is_partial=True))
        self._batch, self._rows, self._items = self._open(), 0, 0
        self._batch.__enter__()

    def finish(self, cursor: dict[str, Any]) -> tuple[Receipt, ...]:
        """Close the last batch: everything was read."""
        return (*self.receipts, self._batch.finish(cursor))

    def _open(self) -> BatchWriter:
        plan = self._plan
        return BatchWriter(plan.store, self._source, plan.run_id, plan.observed_at)

    def mark_restored(self, record: str, key: str) -> None:
        """Mark a row as restored, if it was deleted."""
        if self.stored.is_deleted(record, key):
            self.add(tombstone(record, key, None))
