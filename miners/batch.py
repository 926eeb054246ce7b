"""Write a batch: Parquet files in limited parts, then the receipt."""

from __future__ import annotations

import shutil
import threading
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Self

import polars as pl

from miners.forgotten import read_forgotten
from miners.records import INSTANT, RECORDS
from miners.store import (
    SAME_AS,
    BatchFile,
    Receipt,
    latest,
    make_folder,
    sha256_of,
    source_folder,
    sync,
    write_receipt,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from pathlib import Path
    from types import TracebackType

ROWS_PER_PART = 100_000
# Rows take a fraction of the memory as a frame that they take as tuples.
_ROWS_PER_FRAME = 10_000


class BatchWriter:
    """
    Write one batch; leaving the context without finish() leaves no files.

    Shape:   rows are tuples of the record's own fields, in their order; the envelope is added.
    Units:   instants are integers of microseconds since 1970 in UTC.
    """

    def __init__(self, store: Path, source: str, run_id: str, observed_at: datetime) -> None:
        parent = source_folder(store, source)
        before = latest(store, source)
        self._source, self._run_id, self._observed_at = source, run_id, observed_at
        self._number = before.batch + 1 if before else 1
        self._folder = parent / f"{self._number:06d}"
        self._rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self._frames: dict[str, list[pl.DataFrame]] = defaultdict(list)
        self._files: list[BatchFile] = []
        self._before = before
        self._forgotten = read_forgotten(store)
        self._guard = threading.Lock()
        self._is_finished = False

    def __enter__(self) -> Self:
        shutil.rmtree(self._folder, ignore_errors=True)
        make_folder(self._folder)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._is_finished:
            shutil.rmtree(self._folder, ignore_errors=True)

    def add(self, record: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Add rows of one kind of record, from any thread; they are written in parts."""
        with self._guard:
            self._rows[record].extend(rows)
            if len(self._rows[record]) >= min(_ROWS_PER_FRAME, ROWS_PER_PART):
                self._keep(record, _frame_of(record, self._rows.pop(record)))

    def add_frame(self, record: str, frame: pl.DataFrame) -> None:
        """Add many rows of one kind of record at once, as a frame of its own fields."""
        with self._guard:
            self._keep(record, frame)

    def finish(self, cursor: dict[str, Any], *, is_partial: bool = False) -> Receipt:
        """Write the pending rows, then the receipt, with which the batch exists."""
        for record, rows in self._rows.items():
            self._keep(record, _frame_of(record, rows))
        for record in list(self._frames):
            self._flush(record)
        self._files.sort(key=lambda file: (file.record, file.name))
        receipt = Receipt(
            source=self._source,
            batch=self._number,
            run_id=self._run_id,
            observed_at=self._observed_at,
            cursor=cursor,
            files=tuple(self._files),
            is_partial=is_partial,
        )
        sync(self._folder)
        write_receipt(self._folder, receipt)
        self._is_finished = True
        return receipt

    def finish_unchanged(self) -> Receipt:
        """Write a receipt without files: the source was polled and nothing was new."""
        if self._before is None:
            raise ValueError(f"{self._source}: no earlier batch to be unchanged since")
        since = self._before.cursor.get(SAME_AS, self._before.batch)
        return self.finish({SAME_AS: since})

    def _keep(self, record: str, frame: pl.DataFrame) -> None:
        self._frames[record].append(frame)
        if sum(map(len, self._frames[record])) >= ROWS_PER_PART:
            self._flush(record)

    def _flush(self, record: str) -> None:
        frame = self._with_envelope(record, pl.concat(self._frames.pop(record)))
        frame = self._forgotten.frame(frame) if self._forgotten else frame
        if frame.is_empty():
            return
        part = 1 + sum(file.record == record for file in self._files)
        path = self._folder / f"{record}-{part:04d}.parquet"
        frame.write_parquet(path, compression="zstd")
        sync(path)
        self._files.append(
            BatchFile(
                record=record,
                name=path.name,
                rows=frame.height,
                bytes=path.stat().st_size,
                sha256=sha256_of(path),
            )
        )

    def _with_envelope(self, record: str, frame: pl.DataFrame) -> pl.DataFrame:
        schema = RECORDS[record].polars_schema
        return frame.with_columns(
            pl.lit(self._source).alias("source"),
            pl.lit(self._run_id).alias("run_id"),
            pl.lit(self._observed_at).cast(schema["observed_at"]).alias("observed_at"),
        ).select(list(schema))


def _frame_of(record: str, rows: Sequence[tuple[Any, ...]]) -> pl.DataFrame:
    schema = RECORDS[record].polars_schema
    fields = {field.name: schema[field.name] for field in RECORDS[record].fields}
    instants = {field.name for field in RECORDS[record].fields if field.type == INSTANT}
    as_numbers = {n: pl.Int64() if n in instants else t for n, t in fields.items()}
    frame = pl.DataFrame(rows, schema=as_numbers, orient="row")
    return frame.with_columns(pl.col(name).cast(fields[name]) for name in sorted(instants))
