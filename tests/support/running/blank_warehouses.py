"""Connections to warehouses that have all tables and no rows."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from itertools import count
from pathlib import Path

import duckdb

from warehouse.build import blank_file, build_file
from warehouse.sql import is_own

# Where a program keeps its file.
OWN_PLACE = blank_file._place
_NUMBERS = count()


def share_blanks(folder):
    """Keep the file of each program in a folder."""
    blank_file._place = lambda root, program: _place(folder, root, program)


def connect(models):
    """Open a copy of the warehouse without rows, for a build with the models of a folder."""
    path = _scratch() / f"{next(_NUMBERS)}.duckdb"
    connection = blank_file.open_blank(path, lambda file: build_file._connect(file, 1), models)
    if not connection:
        return duckdb.connect()
    # Nobody opens it again: the system deletes it with the connection.
    connection.execute("pragma disable_checkpoint_on_shutdown; set wal_autocheckpoint = '1TB'")
    path.unlink()
    return connection


def _place(folder, root, program):
    # A copy has few models: to make its file takes as long as several builds.
    return folder / f"{program}.duckdb" if is_own(root) else None


@cache
def _scratch():
    folder = tempfile.mkdtemp(prefix="quarry-blank-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)
