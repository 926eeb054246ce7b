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
from warehouse.exports.layout import layouts, partitions
from warehouse.exports.manifest import (
    MANIFEST,
    ExportedFile,
    Manifest,
    by_path,
    read_manifest,
    write_manifest,
)
from warehouse.query.pseudonyms import define_pseudonyms
from warehouse.sql import SAME_BYTES, literal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from warehouse.exports.layout import Partition

__all__ = ["ExportSummary", "export_snapshot", "publish_snapshot"]

GENERATOR = "quarry"
DICTIONARY_PAGE = "DATA_DICTIONARY.md"
# More writers gain nothing: small files are mostly waiting and Python (measured).
WRITERS = 4


@dataclass(frozen=True)
class ExportSummary:
    """The files that an export wrote and linked, and their size."""

    tables: int
    files_written: int
    files_linked: int
    bytes: int


def export_snapshot(
    warehouse: Path, exports: Path, fingerprint: str, *, folder: Path | None = None
) -> ExportSummary:
    """
    Write the next snapshot from a finished warehouse file; publish_snapshot makes it current.

    Shape:   <table>/quarter=2024-Q1/data.parquet or <table>/data.parquet, manifest.json, and the
             data dictionary as a table and a page.
    Errors:  ContractViolated for a column of a type that not every reader of Parquet knows.
    """
    before = current_snapshot(exports)
    building = start_snapshot(exports)
    with open_for_reading(warehouse) as connection:
        for setting in SAME_BYTES:
            connection.execute(setting)
        define_pseudonyms(connection, warehouse.parent)
        rows = dictionary_rows(connection, folder)
        exported = layouts(connection, read_models(folder), hides_addresses=True)
        tables = [*exported, dictionary_layout(rows)]
        wanted = [part for table in tables for part in partitions(connection, table)]
        files = _Export(connection, before, building, warehouse.parent).all(wanted)
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
        self, connection: duckdb.DuckDBPyConnection, before: Path, building: Path, home: Path
    ) -> None:
        manifest = read_manifest(before / MANIFEST)
        is_same_writer = manifest is not None and manifest.duckdb_version == duckdb.__version__
        self._known = by_path(manifest.files) if manifest and is_same_writer else {}
        self._connection, self._before, self._aside = connection, before, building
        self._home = home

    def all(self, partitions: Sequence[Partition]) -> list[tuple[ExportedFile, bool]]:
        for parent in {(self._aside / part.path).parent for part in partitions}:
            parent.mkdir(parents=True)
        with ThreadPoolExecutor(WRITERS) as pool:
            return list(pool.map(self._one, partitions))

    def _one(self, part: Partition) -> tuple[ExportedFile, bool]:
        known = self._known.get(part.path)
        if known and self._is_unchanged(part, known):
            _link(self._before / part.path, self._aside / part.path)
            return known, True
        return self._write(part), False

    def _is_unchanged(self, part: Partition, known: ExportedFile) -> bool:
        path = self._before / part.path
        return (
            (known.content_hash, known.schema_version)
            == (part.content_hash, part.table.schema_version)
            and path.is_file()
            and sha256_of(path) == known.sha256
        )

    def _write(self, part: Partition) -> ExportedFile:
        path, table = self._aside / part.path, part.table
        # Each writer thread needs a cursor of its own to run in parallel.
        with self._connection.cursor() as cursor:
            define_pseudonyms(cursor, self._home)
            cursor.execute(
                f"copy ({part.select}) to {literal(str(path))} (format parquet, compression zstd, "
                f"kv_metadata {{generator: {literal(GENERATOR)}, "
                f"schema_version: {literal(table.schema_version)}}})"
            )
        sync(path)
        return ExportedFile(
            table=table.name,
            quarter=part.quarter,
            path=part.path,
            rows=part.rows,
            bytes=path.stat().st_size,
            sha256=sha256_of(path),
            schema_version=table.schema_version,
            content_hash=part.content_hash,
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
