"""
Open the published warehouse file for reading.

No process writes to quarry.duckdb: a build writes quarry.duckdb.building and renames it, so readers
keep the file they opened and never wait.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import duckdb

from warehouse.errors import WarehouseError, WarehouseMissing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# No query needs an extension, and loading one could reach the network.
SAFE: dict[str, Any] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
}


@contextlib.contextmanager
def open_for_reading(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """
    Open the published warehouse for reading, with instants in UTC.

    Errors:  WarehouseMissing before the first build, WarehouseError for an unreadable file.
    """
    if not warehouse.is_file():
        raise WarehouseMissing(warehouse)
    try:
        connection = duckdb.connect(str(warehouse), read_only=True, config=SAFE)
    except duckdb.Error as error:
        raise WarehouseError(
            f"{warehouse}: cannot be opened: {error}\nBuild it again with `quarry replay`."
        ) from error
    try:
        connection.execute("set timezone = 'UTC'")
        yield connection
    finally:
        connection.close()
