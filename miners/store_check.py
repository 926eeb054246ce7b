"""Find damage in the store: lost batches, and files that changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miners.errors import StoreDamaged
from miners.store import damaged, finished_in, sha256_of, source_folders

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from pathlib import Path

    from miners.store import Batch, BatchFile

# Each night reads a part of the store; after so many nights all of it was read.
NIGHTS_FOR_ALL = 28


def damage(store: Path) -> Iterator[StoreDamaged]:
    """List the sources whose batches are damaged, each with its first fault; read every file."""
    for folder in source_folders(store):
        try:
            for path, file in _files(finished_in(folder)):
                _verify(path, file, is_read=True)
        except StoreDamaged as error:
            yield error


def verify_part(batches: Iterable[Batch], day: date) -> None:
    """
    Check that all files of some batches exist, and read those whose turn it is on a day.

    Errors:  StoreDamaged names the first file that is missing or changed.
    """
    for path, file in _files(batches):
        _verify(path, file, is_read=is_turn(file.sha256, day))


def is_turn(sha256: str, day: date) -> bool:
    """Return whether a file with a hash is read on a day."""
    return int(sha256[:8], 16) % NIGHTS_FOR_ALL == day.toordinal() % NIGHTS_FOR_ALL


def _files(batches: Iterable[Batch]) -> Iterator[tuple[Path, BatchFile]]:
    for batch in batches:
        for file in batch.receipt.files:
            yield batch.folder / file.name, file


def _verify(path: Path, file: BatchFile, *, is_read: bool) -> None:
    if not path.is_file():
        raise damaged(path, "it is missing")
    if path.stat().st_size != file.bytes or (is_read and sha256_of(path) != file.sha256):
        raise damaged(path, "it changed since it was written")
