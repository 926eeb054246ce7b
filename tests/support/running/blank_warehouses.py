"""Connections to warehouses that have all tables and no rows."""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from functools import cache
from itertools import count
from pathlib import Path

import duckdb

from warehouse.build import blank_file, build_file
from warehouse.build.model import read_models
from warehouse.build.schemas import KPIS
from warehouse.graph.merges import READS

# Where a program keeps its file.
OWN_PLACE = blank_file._place
_NUMBERS = count()


def share_blanks(folder):
    """Keep the files of all programs in a folder, also those of copies of the models."""
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


@cache
def _place(folder, root, program):
    """Return where the file is kept; None if the folder lacks a KPI that another model reads."""
    tables = {model.table for model in read_models(root)}
    return folder / f"{program}.duckdb" if tables >= READS | _read_kpis(root) else None


def _read_kpis(root):
    """List the KPIs that other models read by name; kpis.evidence is generated."""
    texts = [model.sql for model in read_models(root) if model.schema != KPIS]
    found = {name for text in texts for name in re.findall(rf"\n *from {KPIS}\.(\w+)", text)}
    return {f"{KPIS}.{name}" for name in found - {"evidence"}}


@cache
def _scratch():
    folder = tempfile.mkdtemp(prefix="quarry-blank-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)
