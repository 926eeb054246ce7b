"""Read-only queries in a sandboxed connection."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, BinaryIO, TypeVar

import duckdb

from warehouse.connection import open_for_reading
from warehouse.errors import QueryFailed
from warehouse.query.formats import EXPANDED, FORMATS, TEXT_FORMATS, either, write_expanded
from warehouse.query.published import outdated_named, program_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

Record = TypeVar("Record")

# In this order: the last one makes the others final.
LOCKS = (
    "set enable_external_access = false",
    "set python_enable_replacements = false",
    "set lock_configuration = true",
)
READING = ("SELECT", "EXPLAIN")
READ_ONLY = "A query is one select; it reads the warehouse and nothing else."
QUERY_HINT = "Fix the query; `show all tables` lists the tables."


def query(warehouse: Path, sql: str, format: str, out: BinaryIO) -> None:  # noqa: A002 - its name on the command line
    """
    Write the result of one select in a format: table, expanded, csv, json or parquet.

    Errors:  WarehouseMissing, or QueryFailed with DuckDB's message.
    """
    require_format(format)
    with _locked(warehouse) as connection, _translated():
        _require_one_select(connection, sql)
        write_result(connection, sql, format, out)


def require_format(name: str) -> None:
    """
    Refuse an unknown format.

    Errors:  QueryFailed.
    """
    if name not in {*FORMATS, EXPANDED}:
        raise QueryFailed(f"--format: unknown value {name!r}.", f"Use {either(FORMATS)}.")


def write_result(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    format: str,  # noqa: A002 - its name on the command line
    out: BinaryIO,
    parameters: Sequence[object] = (),
) -> None:
    """Write the result of a select in a format."""
    if format == "parquet":
        import polars as pl  # noqa: PLC0415 - it takes a tenth of a second

        pl.DataFrame(connection.sql(sql, params=list(parameters))).write_parquet(out)
    else:
        write = write_expanded if format == EXPANDED else TEXT_FORMATS[format]
        write(connection.execute(sql, list(parameters)), out)


def fetch_as(
    record: Callable[..., Record],
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    parameters: Sequence[object] = (),
) -> list[Record]:
    """Return the rows of a select as records whose fields have the names of its columns."""
    result = connection.execute(sql, list(parameters))
    names = [column[0] for column in result.description or ()]
    return [record(**dict(zip(names, row, strict=True))) for row in result.fetchall()]


@contextlib.contextmanager
def open_for_queries(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """
    Open the published warehouse for queries of this version only.

    Errors:  WarehouseMissing, WarehouseOutdated, or QueryFailed with DuckDB's message.
    """
    with (
        _locked(warehouse) as connection,
        _translated(),
        outdated_named(warehouse, program_of(connection)),
    ):
        yield connection


@contextlib.contextmanager
def _locked(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_for_reading(warehouse) as connection:
        for lock in LOCKS:
            connection.execute(lock)
        yield connection


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except duckdb.PermissionException as error:
        raise QueryFailed(str(error), READ_ONLY) from error
    except duckdb.Error as error:
        raise QueryFailed(str(error), QUERY_HINT) from error


def _require_one_select(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    kinds = [statement.type.name for statement in connection.extract_statements(sql)]
    if len(kinds) != 1:
        raise QueryFailed(f"expected one statement, found {len(kinds)}.", READ_ONLY)
    if kinds[0] not in READING:
        raise QueryFailed(f"{kinds[0].lower()} is not allowed here.", READ_ONLY)
