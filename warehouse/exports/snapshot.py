"""
Export facts and marts as Parquet, one file per table and quarter.

Equal rows give equal bytes: one thread per file, a total order, a fixed schema, no clock. An
unchanged quarter is linked from the previous snapshot instead of written again.
"""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from miners.store import sha256_of, sync
from warehouse.build.model import read_models
from warehouse.connection import open_for_reading
from warehouse.exports.current import (
    current_snapshot,
    finish_snapshot,
    publish_snapshot,
    start_snapshot,
)
from warehouse.exports.dictionary import dictionary_layout, dictionary_page, dictionary_rows
from warehouse.exports.layout import Partition, layouts, partitions
from warehouse.exports.manifest import (
    MANIFEST,
    ExportedFile,
    Manifest,
    by_path,
    read_manifest,
    write_manifest,
)
from warehouse.exports.writing import write_partitions
from warehouse.query.pseudonyms import define_pseudonyms
from warehouse.sql import SAME_BYTES, without_rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from warehouse.exports.layout import Layout

__all__ = ["ExportSummary", "export_snapshot", "publish_snapshot"]

# What exports show of texts and people.
SETTINGS = "settings.exports"
DICTIONARY_PAGE = "DATA_DICTIONARY.md"
# Files are read, hashed and flushed to disk by several threads: that is mostly waiting.
WRITERS = 4


@dataclass(frozen=True)
class ExportSummary:
    """The files that an export wrote and linked, and their size."""

    tables: int
    files_written: int
    files_linked: int
    bytes: int


@dataclass(frozen=True)
class Unchanged:
    """Tables that are as in the warehouse that had this fingerprint."""

    fingerprint: str | None
    tables: frozenset[str]


def export_snapshot(
    warehouse: Path,
    exports: Path,
    fingerprint: str,
    *,
    folder: Path | None = None,
    unchanged: Unchanged | None = None,
) -> ExportSummary:
    """
    Write the next snapshot from a finished warehouse file; publish_snapshot makes it current.

    Shape:   <table>/quarter=2024-Q1/data.parquet or <table>/data.parquet, manifest.json, and the
             data dictionary as a table and a page. The rows of unchanged tables are not read.
    Errors:  ContractViolated for a column of a type that not every reader of Parquet knows.
    """
    before = current_snapshot(exports)
    building = start_snapshot(exports)
    with open_for_reading(warehouse) as connection:
        for setting in SAME_BYTES:
            connection.execute(setting)
        define_pseudonyms(connection, warehouse.parent)
        tables = layouts(connection, read_models(folder), hides_addresses=True)
        rows = dictionary_rows(connection, tables)
        tables.append(dictionary_layout(connection, rows))
        files = _Export(connection, before, building, unchanged).all(tables)
    (building / DICTIONARY_PAGE).write_text(dictionary_page(rows), encoding="utf-8")
    entries = tuple(file for file, _ in files)
    write_manifest(building / MANIFEST, Manifest(fingerprint, duckdb.__version__, entries))
    _sync_all(building)
    finish_snapshot(building)
    linked = sum(is_linked for _, is_linked in files)
    size = sum(file.bytes for file in entries)
    return ExportSummary(len(tables), len(files) - linked, linked, size)


class _Export:
    """The snapshot that is being written, and the previous one."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        before: Path,
        building: Path,
        unchanged: Unchanged | None,
    ) -> None:
        manifest = read_manifest(before / MANIFEST)
        is_same_writer = manifest is not None and manifest.duckdb_version == duckdb.__version__
        files = manifest.files if manifest and is_same_writer else ()
        self._known = by_path(files)
        self._unchanged = unchanged.tables if unchanged and _is_of(manifest, unchanged) else ()
        self._empty = without_rows(connection)
        self._connection, self._before, self._aside = connection, before, building

    def all(self, tables: Sequence[Layout]) -> list[tuple[ExportedFile, bool]]:
        parts = [part for table in tables for part in self._parts(table)]
        for parent in {(self._aside / part.path).parent for part in parts}:
            parent.mkdir(parents=True)
        with ThreadPoolExecutor(WRITERS) as pool:
            linked = list(pool.map(self._linked, parts))
            new = [part for part, file in zip(parts, linked, strict=True) if file is None]
            write_partitions(self._connection, self._aside, new)
            written = dict(zip([part.path for part in new], pool.map(self._file, new), strict=True))
        pairs = zip(parts, linked, strict=True)
        return [(file or written[part.path], file is not None) for part, file in pairs]

    def _parts(self, table: Layout) -> list[Partition]:
        """List the files of a table, with the hashes of the previous snapshot if unchanged."""
        known = [file for file in self._known.values() if file.table == table.name]
        # A table that is shown without some texts also depends on another.
        if known and table.path in self._unchanged and table.shown is None:
            return [Partition(table, f.quarter, f.rows, f.content_hash) for f in known]
        has_rows = table.path not in self._empty
        read = table.with_plain(self._connection, has_rows=has_rows)
        return partitions(self._connection, read, has_rows=has_rows)

    def _linked(self, part: Partition) -> ExportedFile | None:
        """Link an unchanged file of the previous snapshot; None if there is none."""
        known = self._known.get(part.path)
        if known is None or not self._is_unchanged(part, known):
            return None
        _link(self._before / part.path, self._aside / part.path)
        return known

    def _is_unchanged(self, part: Partition, known: ExportedFile) -> bool:
        path = self._before / part.path
        return (
            (known.content_hash, known.schema_version)
            == (part.content_hash, part.table.schema_version)
            and path.is_file()
            and sha256_of(path) == known.sha256
        )

    def _file(self, part: Partition) -> ExportedFile:
        """Flush a written file to disk and describe it."""
        path = self._aside / part.path
        sync(path)
        return ExportedFile(
            table=part.table.name,
            quarter=part.quarter,
            path=part.path,
            rows=part.rows,
            bytes=path.stat().st_size,
            sha256=sha256_of(path),
            schema_version=part.table.schema_version,
            content_hash=part.content_hash,
        )


def _is_of(manifest: Manifest | None, unchanged: Unchanged) -> bool:
    """Return whether a snapshot shows the warehouse that is compared with, as it would now."""
    return (
        manifest is not None
        and manifest.fingerprint == unchanged.fingerprint
        and SETTINGS in unchanged.tables
    )


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        # Some file systems have no hard links; a copy has the same bytes.
        shutil.copyfile(source, target)


def _sync_all(folder: Path) -> None:
    """Flush the page, the manifest and all folders to disk, the outermost one last."""
    folders = [path for path in folder.rglob("*") if path.is_dir()]
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(sync, [folder / DICTIONARY_PAGE, folder / MANIFEST, *folders]))
    sync(folder)
