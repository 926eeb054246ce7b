"""
Layout of the store: batches and their receipts.

store/<source folder>/<batch number>/<record>-<part>.parquet … receipt.json

The receipt is written last, by rename: a batch without one does not exist. It has the cursor from
which the next mining continues; there is no other state. A mining that found nothing new writes a
receipt without files, which records when the source was last polled.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from miners.errors import StoreDamaged
from miners.records import RECORDS

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

RECEIPT = "receipt.json"
# Next to the store: the key of pseudonyms, and of the list of forgotten people.
KEY_FILE = "pseudonyms.key"
# Of receipts; those without one are of the first.
FORMAT = 1
# In the cursor of a receipt without changes: the number of the batch with the current cursor.
SAME_AS = "same_as"


@dataclass(frozen=True, kw_only=True)
class BatchFile:
    """One Parquet file of a batch."""

    record: str
    name: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What one mining of one source wrote, and the cursor of the next one."""

    source: str
    batch: int
    run_id: str
    observed_at: datetime
    cursor: dict[str, Any]
    files: tuple[BatchFile, ...]
    # More batches of the same mining were to follow: recent changes may be missing.
    is_partial: bool = False

    def rows(self, record: str) -> int:
        """Return the number of rows of one kind of record in this batch."""
        return sum(file.rows for file in self.files if file.record == record)


@dataclass(frozen=True)
class Batch:
    """A finished batch: its folder and its receipt."""

    folder: Path
    receipt: Receipt

    def paths(self, record: str) -> list[Path]:
        """Return the Parquet files of one kind of record, in the order they were written."""
        return [self.folder / file.name for file in self.receipt.files if file.record == record]


def source_folder(store: Path, source: str) -> Path:
    """Return the folder of a source: readable, safe on any file system, and unique."""
    readable = re.sub(r"[^A-Za-z0-9]+", "-", source).strip("-").lower()[-40:].strip("-")
    return store / f"{readable}-{hashlib.sha256(source.encode()).hexdigest()[:10]}"


def batches(store: Path, source: str) -> list[Batch]:
    """List the finished batches of one source, oldest first."""
    return finished_in(source_folder(store, source))


def all_batches(store: Path) -> list[Batch]:
    """List every finished batch of the store, by source and then oldest first."""
    return [batch for folder in source_folders(store) for batch in finished_in(folder)]


def sources(store: Path) -> list[str]:
    """List every source that has a batch, in the order of their folders."""
    names = map(_source_of, source_folders(store))
    return [name for name in names if name]


def has_batches(store: Path) -> bool:
    """Return whether any source has a batch; reads one receipt where there is one."""
    return any(map(_source_of, source_folders(store)))


def latest(store: Path, source: str) -> Receipt | None:
    """Return the newest receipt of a source, or None if it was never mined."""
    folder = source_folder(store, source)
    paths = (_receipt_path(folder, number) for number in sorted(_numbers(folder), reverse=True))
    return next((_read_receipt(path) for path in paths if path.exists()), None)


def cursor(store: Path, receipt: Receipt) -> dict[str, Any]:
    """Return the cursor of a receipt, or the one that a receipt without changes refers to."""
    if SAME_AS not in receipt.cursor:
        return receipt.cursor
    folder = source_folder(store, receipt.source)
    return _read_receipt(_receipt_path(folder, receipt.cursor[SAME_AS])).cursor


def sound_cursor(store: Path, source: str) -> dict[str, Any]:
    """Return the newest cursor of a source; empty if it has none or its batches are damaged."""
    with suppress(StoreDamaged):
        receipt = latest(store, source)
        return cursor(store, receipt) if receipt else {}
    return {}


def newest(store: Path, source: str, record: str) -> pl.DataFrame:
    """Return the newest version of each of a source's records of one kind."""
    schema = RECORDS[record].polars_schema
    paths = [path for batch in batches(store, source) for path in batch.paths(record)]
    import polars as pl  # noqa: PLC0415 - it takes a tenth of a second

    frames = [pl.DataFrame(schema=schema), *map(pl.read_parquet, paths)]
    # Older files lack the columns that were added later.
    rows = pl.concat(frames, how="diagonal")
    return rows.unique(list(RECORDS[record].key), keep="last", maintain_order=True)


def write_receipt(folder: Path, receipt: Receipt) -> None:
    """Write the receipt of a batch, after its files: with it the batch exists."""
    facts = asdict(receipt) | {"observed_at": receipt.observed_at.isoformat(), "format": FORMAT}
    write_atomically(folder / RECEIPT, json.dumps(facts, indent=1, sort_keys=True))


def sha256_of(path: Path) -> str:
    """Return the hash of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Flush a file's content, or a folder's names, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(path: Path) -> None:
    """Create a folder with its parents, and flush the names of the new ones to the disk."""
    new = [folder for folder in (path, *path.parents) if not folder.exists()]
    path.mkdir(parents=True, exist_ok=True)
    for folder in new:
        sync(folder.parent)


def write_atomically(path: Path, content: str | bytes) -> None:
    """
    Write a file by rename, so that a reader gets the old or the new one, complete.

    Its new name is on the disk when this returns, so that nothing later survives a crash alone.
    """
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_bytes(content.encode() if isinstance(content, str) else content)
    sync(temporary)
    temporary.replace(path)
    sync(path.parent)


def source_folders(store: Path) -> list[Path]:
    """List the folders of all sources, by name."""
    return sorted(path for path in store.iterdir() if path.is_dir()) if store.is_dir() else []


def finished_in(folder: Path) -> list[Batch]:
    """
    List the finished batches of a source's folder, oldest first.

    Errors:  StoreDamaged if a batch between them is missing or its receipt cannot be read.
    """
    paths = (_receipt_path(folder, number) for number in sorted(_numbers(folder)))
    finished = [Batch(path.parent, _read_receipt(path)) for path in paths if path.exists()]
    for expected, batch in enumerate(finished, start=1):
        if batch.receipt.batch != expected:
            raise damaged(_receipt_path(folder, expected), "it is missing")
    return finished


def _source_of(folder: Path) -> str | None:
    """Return the source of a folder, from the first receipt that can be read."""
    for number in sorted(_numbers(folder)):
        with suppress(StoreDamaged, OSError):
            return _read_receipt(_receipt_path(folder, number)).source
    return None


def _numbers(folder: Path) -> list[int]:
    if not folder.is_dir():
        return []
    return [int(path.name) for path in folder.iterdir() if path.name.isdigit()]


def _receipt_path(folder: Path, number: int) -> Path:
    return folder / f"{number:06d}" / RECEIPT


def _read_receipt(path: Path) -> Receipt:
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        written_as = facts.pop("format", FORMAT)
        if written_as == FORMAT:
            facts["observed_at"] = datetime.fromisoformat(facts["observed_at"])
            facts["files"] = tuple(BatchFile(**file) for file in facts["files"])
            return Receipt(**facts)
    except FileNotFoundError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise damaged(path, "it is empty or damaged") from None
    problem = f"a newer version of Quarry wrote it (format {written_as}, not {FORMAT})"
    raise StoreDamaged(str(path), problem, "Run that version, or a later one")


def damaged(path: Path, problem: str) -> StoreDamaged:
    """Return the error for a file of a batch, with how to resume."""
    folder = path.parent.parent
    remedy = f"Restore {folder} from a backup, or delete it to mine the source from the start"
    return StoreDamaged(str(path), problem, remedy)
