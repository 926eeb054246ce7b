"""
The warehouse of a program before it has any row.

It has all tables and views with their comments. Creating them takes a small build longer than
filling them, and they depend on the program alone: the file is made once, kept next to the compiled
modules and on the same terms, and a first build begins with a copy of it.
"""

# ruff: noqa: S608 - our own names
from __future__ import annotations

import contextlib
import os
import shutil
import sys
from typing import TYPE_CHECKING

import duckdb

from warehouse.build.code_version import program_hash
from warehouse.build.kept_values import kept_path
from warehouse.build.runner import build_models
from warehouse.build.table_hashes import count_rows, note_contents, noted_contents, tables_of
from warehouse.context import Context
from warehouse.sql import is_own, sql_folder
from warehouse.tables.batches import load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Connect = Callable[[Path], duckdb.DuckDBPyConnection]


def open_blank(
    path: Path, connect: Connect, folder: Path | None = None
) -> duckdb.DuckDBPyConnection | None:
    """
    Open a copy of the warehouse without rows; None where none can be kept.

    Shape:   connect opens the file at a path for a build; folder has the models.
    """
    root = folder or sql_folder()
    program = program_hash(root)
    kept = _place(root, program)
    if kept is None:
        return None
    if connection := _open_copy(kept, path, connect, program):
        return connection
    _make(kept, connect, root)
    return _open_copy(kept, path, connect, program)


def _place(root: Path, program: str) -> Path | None:  # noqa: ARG001 - one file for all programs
    """Return where the file is kept; None where modules are not, and for a copy of the models."""
    is_kept = is_own(root) and not sys.dont_write_bytecode
    return kept_path("blank.duckdb") if is_kept else None


def _open_copy(
    kept: Path, path: Path, connect: Connect, program: str
) -> duckdb.DuckDBPyConnection | None:
    connection = None
    # It may be missing, damaged or of another program, and is made again.
    with contextlib.suppress(OSError, duckdb.Error):
        shutil.copyfile(kept, path)
        connection = connect(path)
        if noted_contents(connection, program) == {}:
            return connection
    if connection:
        connection.close()
    path.unlink(missing_ok=True)
    return None


def _make(kept: Path, connect: Connect, root: Path) -> None:
    temporary = kept.with_name(f"{kept.name}.{os.getpid()}")
    # The folder may belong to another user, or be on a full disk.
    with contextlib.suppress(OSError, duckdb.IOException):
        try:
            with contextlib.closing(connect(temporary)) as connection:
                connection.execute("begin")
                _write(connection, root)
                connection.execute("commit")
                connection.execute("checkpoint")
            temporary.replace(kept)
        finally:
            temporary.unlink(missing_ok=True)


def _write(connection: duckdb.DuckDBPyConnection, root: Path) -> None:
    load(connection, [])
    build = build_models(connection, Context(), folder=root)
    for table, count in count_rows(connection, tables_of(connection)).items():
        if count:
            connection.execute(f"delete from {table}")
    note_contents(connection, build.program, {})
