"""
Open the published warehouse file, and name failures of the machine.

No process writes to quarry.duckdb: a build writes quarry.duckdb.building and renames it, so readers
keep the file they opened and never wait.
"""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Any

import duckdb

from warehouse.errors import MachineFailed, ModelFailed, WarehouseError, WarehouseMissing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# No query needs an extension, and loading one could reach the network.
SAFE: dict[str, Any] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
}


_AGAIN = "then run again; what was published before is as it was"
# What the operating system and DuckDB say, with the problem and what to do.
_FAILURES = (
    (r"no space left|quota exceeded", "the disk is full", f"Free some space there, {_AGAIN}"),
    (
        r"read-only file system|EROFS",
        "the disk is read-only",
        "Mount it for writing, or name another folder as home",
    ),
    (
        r"permission denied|operation not permitted",
        "access was denied",
        "Give the user of this command the right to read and write there",
    ),
    (
        r"input/output error",
        "the disk does not read or write",
        f"Check the disk, and restore from a backup what it lost, {_AGAIN}",
    ),
    (
        r"out of memory",
        "the machine has not enough memory",
        f"End other programs or use a larger machine, {_AGAIN}",
    ),
    (
        r"too many open files",
        "too many files are open",
        f"Raise the limit with ulimit -n, {_AGAIN}",
    ),
    (
        r"not a directory|file exists|is a directory",
        "a file or folder of another kind is in its place",
        "Move it away, or name another folder as home",
    ),
)


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
        with machine_errors(warehouse):
            connection.execute("set timezone = 'UTC'")
            yield connection
    finally:
        connection.close()


def machine_failure(error: Exception, place: Path | str | None = None) -> MachineFailed | None:
    """Return the failure of the machine that an error is about, or None."""
    text = str(error)
    named = getattr(error, "filename", None) or place
    for pattern, problem, remedy in _FAILURES:
        if re.search(pattern, text, re.IGNORECASE):
            where = f"{named}: {problem}" if named else f"{problem} ({text})"
            return MachineFailed(where, remedy)
    return None


@contextlib.contextmanager
def machine_errors(place: Path) -> Iterator[None]:
    """
    Raise DuckDB's errors about the machine as such, and its interruption as Python does.

    Errors:  MachineFailed; KeyboardInterrupt.
    """
    try:
        yield
    except (duckdb.Error, ModelFailed) as error:
        if failure := machine_failure(error, place):
            raise failure from error
        raise
    except RuntimeError as error:
        if str(error) == "Query interrupted":
            raise KeyboardInterrupt from error
        raise
