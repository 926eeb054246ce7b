"""Copy a built warehouse file without its free blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.sql import literal, quoted

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

# A build writes its tables next to those that they replace. With fewer free blocks a copy takes
# longer than it spares the next build, which copies the file.
_MOST_FREE_RATIO = 0.2


def compact(connection: duckdb.DuckDBPyConnection, copy: Path, storage_version: str) -> bool:
    """
    Write the database of a connection into a new file if many of its blocks are free.

    Shape:   whether it was written; tables keep the order of their rows.
    """
    row = connection.execute(
        "select database_name, free_blocks, total_blocks from pragma_database_size()"
        " where database_name = current_database()"
    ).fetchone()
    if row is None or row[1] <= _MOST_FREE_RATIO * row[2]:
        return False
    # The names are our own, or quoted.
    target = f"{literal(str(copy))} as compacted (storage_version {literal(storage_version)})"
    connection.execute(f"attach {target}")
    connection.execute(f"copy from database {quoted(row[0])} to compacted")
    connection.execute("checkpoint compacted")
    connection.execute("detach compacted")
    return True
