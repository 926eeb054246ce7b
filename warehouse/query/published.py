"""Published warehouse, also one that another version built."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import duckdb

from warehouse.build.code_version import program_hash
from warehouse.connection import open_for_reading
from warehouse.errors import ModelFailed, WarehouseError, WarehouseOutdated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextlib.contextmanager
def open_published(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """
    Open the published warehouse for the queries of this version.

    Errors:  those of open_for_reading; WarehouseOutdated where another version built it and a
             table or column is missing.
    """
    with (
        open_for_reading(warehouse) as connection,
        outdated_named(warehouse, program_of(connection)),
    ):
        yield connection


@contextlib.contextmanager
def outdated_named(warehouse: Path, program: str | None) -> Iterator[None]:
    """Raise what is missing in a warehouse of another program as WarehouseOutdated."""
    try:
        yield
    except (duckdb.CatalogException, duckdb.BinderException, ModelFailed) as error:
        # This version makes every table that it reads.
        if program == program_hash() and not isinstance(error, duckdb.CatalogException):
            raise
        text = error.message if isinstance(error, ModelFailed) else str(error)
        raise WarehouseOutdated(warehouse, text.partition("\n")[0]) from error


def unreadable(warehouse: Path) -> str | None:
    """Return why a warehouse cannot be read; None if it can."""
    try:
        with open_for_reading(warehouse) as connection:
            connection.execute("select fingerprint from meta.build").fetchall()
    except (WarehouseError, duckdb.Error) as error:
        return str(error).partition("\n")[0]
    return None


def program_of(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Return the hash of the program that built a warehouse; None where it noted none."""
    with contextlib.suppress(duckdb.CatalogException):
        row = connection.execute("select program_hash from meta.program").fetchone()
        return row[0] if row else None
    return None
