"""Macros of the published file, for readers of SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from warehouse.build.schemas import MACROS
from warehouse.errors import ModelFailed
from warehouse.sql import sql_files

if TYPE_CHECKING:
    from pathlib import Path


def write_macros(connection: duckdb.DuckDBPyConnection, root: Path, *, is_whole: bool) -> None:
    """
    Create the macros of sql/macros/; unless the build is whole, those of tables that exist.

    Errors:  ModelFailed names the file.
    """
    for path in sql_files(root, MACROS):
        try:
            connection.execute(path.read_text(encoding="utf-8"))
        except duckdb.Error as error:
            if is_whole or not isinstance(error, duckdb.CatalogException):
                raise ModelFailed(path, str(error)) from error
