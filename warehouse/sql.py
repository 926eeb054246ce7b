"""SQL text helpers, and the folder of the models."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import duckdb


# The estimate counts rows that were deleted too, and is exact where it is zero.
WITHOUT_ROWS = """
    select schema_name || '.' || table_name
    from duckdb_tables()
    where database_name = current_database() and not internal and estimated_size = 0
"""


def package_folder() -> Path:
    """Return the folder of the warehouse package."""
    return Path(__file__).parent


def sql_folder() -> Path:
    """Return the folder of the models: in the package when installed, else in the checkout."""
    installed = package_folder() / "_sql"
    return installed if installed.is_dir() else package_folder().parent / "sql"


def is_own(path: Path) -> bool:
    """Return whether a file or folder belongs to this program, and not to a copy of its models."""
    return any(path.is_relative_to(folder) for folder in (package_folder(), sql_folder()))


def sql_files(folder: Path, schema: str) -> list[Path]:
    """List the files of a schema by name, also in folders by subject."""
    return sorted((folder / schema).rglob("*.sql"), key=lambda path: path.stem)


def quoted(name: str) -> str:
    """Return a name as a quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as an SQL literal, where DuckDB takes no parameter."""
    return "'" + text.replace("'", "''") + "'"


def insert(
    connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Iterable[object]]
) -> None:
    """Insert a few rows as one list per column; literals take ten times as long."""
    columns = [[_text(value) for value in column] for column in zip(*rows, strict=True)]
    if columns:
        lists = ", ".join(f"unnest(${number}::varchar[])" for number, _ in enumerate(columns, 1))
        connection.execute(f"insert into {table} select {lists}", columns)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def quoted_list(names: Iterable[str]) -> str:
    """Return quoted names separated by commas."""
    return ", ".join(quoted(name) for name in names)


def has_table(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> bool:
    """Return whether the open warehouse has a table; an error would end its transaction."""
    found = connection.execute(
        "select 1 from duckdb_tables() where database_name = current_database() "
        "and schema_name = $1 and table_name = $2",
        [schema, name],
    )
    return found.fetchone() is not None


def without_rows(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """
    List the committed tables that DuckDB knows to have no rows, without reading them.

    Reading a table costs more than a millisecond, and most tables of a small home are empty.
    """
    return {table for (table,) in connection.execute(WITHOUT_ROWS).fetchall()}


def comment_on(
    connection: duckdb.DuckDBPyConnection, table: str, meanings: Mapping[str, str]
) -> None:
    """Comment columns of a table or view."""
    # One text for all takes three quarters of the time of one for each.
    connection.execute(
        ";".join(
            f"comment on column {table}.{quoted(column)} is {literal(meaning)}"
            for column, meaning in meanings.items()
        )
    )


SAME_BYTES = (
    # Row groups depend on the number of threads that write one file.
    "set threads = 1",
    # With statistics DuckDB 2 writes a column as required when the whole table has no null in it:
    # a quarter's schema and bytes would depend on what other quarters hold.
    "set disabled_optimizers = 'statistics_propagation'",
)
