"""Find damage in the published snapshot: files that are missing or changed."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from miners.store import sha256_of
from warehouse.exports.current import CURRENT
from warehouse.exports.manifest import MANIFEST, read_manifest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def export_damage(
    exports: Path, *, is_read: Callable[[str], bool] = lambda _: True
) -> Iterator[tuple[Path, str]]:
    """
    List the damaged files of the published snapshot, each with its problem.

    Shape:   the size of every file is compared; those that is_read chooses by hash are read.
    """
    current = exports / CURRENT
    manifest = read_manifest(current / MANIFEST)
    if manifest is None:
        yield current / MANIFEST, "missing or damaged, or of a newer version"
        return
    for file in manifest.files:
        path = current / file.path
        with suppress(OSError):
            is_same = path.stat().st_size == file.bytes
            if is_same and not (is_read(file.sha256) and sha256_of(path) != file.sha256):
                continue
        yield path, "missing, or changed since it was written"
