"""Build the next warehouse file and swap it in atomically."""

from __future__ import annotations

import contextlib
import os
import shutil
from typing import TYPE_CHECKING, Any

import duckdb

from miners.store import make_folder, sync
from warehouse.build.blank_file import open_blank
from warehouse.build.code_version import program_hash
from warehouse.build.compaction import compact
from warehouse.build.table_hashes import forget_contents, is_as_noted
from warehouse.connection import SAFE, machine_errors
from warehouse.errors import WarehouseError
from warehouse.tables.raw import is_intact

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# The oldest DuckDB whose clients must be able to open the published file.
STORAGE_VERSION = "v1.5.0"
DERIVED_SCHEMAS = (
    *("marts", "figures", "kpis", "facts", "intermediate", "graph", "staging"),
    *("settings", "sealed"),
    # A file of version 0.1 has its intermediate models there.
    "steps",
)
# DuckDB spills to disk beyond it: a nightly build leaves memory for other programs.
BUILD_MEMORY = 3 * 2**30


@contextlib.contextmanager
def building(
    warehouse: Path,
    threads: int | None = None,
    *,
    is_fresh: bool = False,
    folder: Path | None = None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """
    Open the next warehouse file for a build in one transaction.

    Shape:   a copy of the current file if its raw tables are intact, with the derived tables if
             the same program and models built them; without rows otherwise, or with is_fresh.
    Errors:  any error inside removes the file; the current warehouse stays unchanged.
    """
    path = building_path(warehouse)
    make_folder(warehouse.parent)
    _remove(path)
    with machine_errors(path):
        connection = (
            _open_new(path, threads, folder)
            if is_fresh
            else _open_for_building(warehouse, path, threads, folder)
        )
        try:
            connection.execute("begin")
            yield connection
            connection.execute("commit")
            connection.execute("checkpoint")
            is_compacted = compact(connection, _copy_of(path), STORAGE_VERSION)
            connection.close()
            if is_compacted:
                sync(_copy_of(path))
                _copy_of(path).replace(path)
            sync(path)
        except BaseException:
            with contextlib.suppress(duckdb.Error):  # a connection whose disk is full
                connection.close()
            _remove(path)
            raise


def building_path(warehouse: Path) -> Path:
    """Return the path of the next warehouse file."""
    return warehouse.with_name(f"{warehouse.name}.building")


def swap_in(warehouse: Path) -> None:
    """Replace the current warehouse with the finished build."""
    path = building_path(warehouse)
    if _log_of(path).exists():
        raise WarehouseError(f"{path}: the build is incomplete. Run again.")
    # A log can only come from another program that wrote to the old file; with the new one it
    # would make DuckDB refuse both.
    _log_of(warehouse).unlink(missing_ok=True)
    path.replace(warehouse)
    sync(warehouse.parent)


def _memory_limit() -> int:
    """Return the memory limit of a build in bytes: at most 80 % of the machine's memory."""
    return min(BUILD_MEMORY, os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") * 8 // 10)


def _log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.wal")


def _copy_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.compact")


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    _copy_of(path).unlink(missing_ok=True)
    _log_of(_copy_of(path)).unlink(missing_ok=True)
    _log_of(path).unlink(missing_ok=True)
    # Spilled data of a killed build.
    shutil.rmtree(path.with_name(f"{path.name}.tmp"), ignore_errors=True)


def _open_for_building(
    warehouse: Path, path: Path, threads: int | None, folder: Path | None
) -> duckdb.DuckDBPyConnection:
    if warehouse.is_file():
        shutil.copyfile(warehouse, path)
        if connection := _open_usable(path, threads, program_hash(folder)):
            return connection
        _remove(path)
    return _open_new(path, threads, folder)


def _open_new(path: Path, threads: int | None, folder: Path | None) -> duckdb.DuckDBPyConnection:
    connection = open_blank(path, lambda file: _connect(file, threads), folder)
    return connection or _connect(path, threads)


def _open_usable(path: Path, threads: int | None, program: str) -> duckdb.DuckDBPyConnection | None:
    """Open a copy in which a build can continue; None if it is damaged or of another version."""
    connection = None
    with contextlib.suppress(duckdb.Error):
        connection = _connect(path, threads)
        if _is_usable(connection, program):
            return connection
    if connection:
        with contextlib.suppress(duckdb.Error):
            connection.close()
    return None


def _is_usable(connection: duckdb.DuckDBPyConnection, program: str) -> bool:
    """Return whether a build can continue in this copy; drop its derived tables if outdated."""
    if not (_has_storage_version(connection) and is_intact(connection)):
        return False
    if is_as_noted(connection, program):
        return True
    forget_contents(connection)
    # Dropped and checkpointed now, their space is there for the new ones.
    for schema in DERIVED_SCHEMAS:
        connection.execute(f"drop schema if exists {schema} cascade")
    connection.execute("checkpoint")
    return True


def _has_storage_version(connection: duckdb.DuckDBPyConnection) -> bool:
    row = connection.execute(
        "select tags['storage_version'] from duckdb_databases() "
        "where database_name = current_database()"
    ).fetchone()
    return row is not None and str(row[0]).startswith(STORAGE_VERSION)


def _connect(path: Path, threads: int | None) -> duckdb.DuckDBPyConnection:
    config: dict[str, Any] = SAFE | {
        "storage_compatibility_version": STORAGE_VERSION,
        "memory_limit": f"{_memory_limit() // 2**20} MiB",
    }
    if threads is not None:
        config["threads"] = threads
    connection = duckdb.connect(str(path), config=config)
    connection.execute("set timezone = 'UTC'")
    return connection
