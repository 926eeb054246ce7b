"""One mining in several batches: what is read is kept as it goes, and a kill loses little."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from miners.batch import BatchWriter
from miners.tracker.known_rows import KnownRows
from miners.tracker.protocol import Gone, tombstone
from miners.tracker.responses import REMOVED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from miners.plan import MiningPlan
    from miners.store import Receipt
    from miners.tracker.protocol import Detail, Found

# A batch is closed when it holds as many rows, or the details of as many items.
ROWS_PER_BATCH, ITEMS_PER_BATCH = 20_000, 250


class TrackerWriter:
    """Write what is new of a source; leaving the context loses only the batch in hand."""

    def __init__(self, source: str, plan: MiningPlan) -> None:
        self.known = KnownRows(plan.store, source)
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

    def add(self, found: Found) -> bool:
        """Write a row unless it is known; tell whether it was new."""
        self._rows += (is_new := self.known.is_new(found))
        if is_new:
            self._batch.add(found.record, [found.row])
            self.known.add(found)
        if found.record not in {"tombstones", "rejects"}:
            self.mark_restored(found.record, found.key)
        return is_new

    def add_all(self, rows: Iterable[Found]) -> bool:
        """Write rows; tell whether any was new."""
        return sum(map(self.add, rows)) > 0

    def add_detail(self, kind: str, number: int, detail: Detail) -> bool:
        """Write what was read of an item, and that what it lost is gone."""
        self._items += 1
        is_new = self.add_all(detail.found)
        found = {(found.record, found.key) for found in detail.found}
        # What was not understood may be anything that was known before.
        unsure = {found.row[0] for found in detail.found if found.record == "rejects"}
        for record in sorted(set(detail.whole) - unsure):
            for key in sorted(self.known.members(kind, number, record)):
                if (record, key) not in found:
                    self.mark_deleted(record, key, Gone(REMOVED))
                    is_new = True
        return is_new

    def mark_deleted(self, record: str, key: str, gone: Gone) -> bool:
        """Note that something is gone."""
        return self.add(tombstone(record, key, gone))

    def checkpoint(self, cursor: dict[str, Any]) -> None:
        """Close the batch once it is large; the mining goes on in another."""
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
        """Note that something is there again, if it was gone."""
        if self.known.is_gone(record, key):
            self.add(tombstone(record, key, None))
