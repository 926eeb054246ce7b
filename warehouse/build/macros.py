"""Macros of the published file, for readers of SQL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import duckdb

from warehouse.build.schemas import MACROS
from warehouse.errors import ModelFailed
from warehouse.sql import sql_files

if TYPE_CHECKING:
    from pathlib import Path


# The tables that a macro reads.
READ = re.compile(r"\b(?:from|join)\s+(\w+\.\w+)")
THERE = """
    select schema_name || '.' || table_name
    from duckdb_columns() where database_name = current_database() and not internal
"""


def write_macros(connection: duckdb.DuckDBPyConnection, root: Path, *, is_whole: bool) -> None:
    """
    Create the macros of sql/macros/; unless the build is whole, those of tables that exist.

    Errors:  ModelFailed names the file.
    """
    there = {table for (table,) in connection.execute(THERE).fetchall()}
    for path in sql_files(root, MACROS):
        sql = path.read_text(encoding="utf-8")
        # A failed statement would end the transaction of the build.
        if is_whole or there.issuperset(READ.findall(sql)):
            _write(connection, path, sql)


def _write(connection: duckdb.DuckDBPyConnection, path: Path, sql: str) -> None:
    try:
        connection.execute(sql)
    except duckdb.Error as error:
        raise ModelFailed(path, str(error)) from error
