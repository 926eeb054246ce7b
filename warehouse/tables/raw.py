"""
Raw tables, one per kind of record.

raw.<record> has the record's columns and the number of the row's batch; raw.batches lists the
loaded batches. From meta.build and meta.raw_tables a later build verifies that this file is intact.
"""

# ruff: noqa: S608 - what is put into SQL here is our own names, or quoted
from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import duckdb

from miners.records import RECORDS, Field
from warehouse.sql import comment_on, literal, quoted, without_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

# Increase it when the loading rules change: all batches are loaded again.
LOAD_VERSION = 1

BATCH = Field("batch", "bigint", "Number of the batch of its source that brought this row.")
BATCHES_MEANING = "A batch of the store that is loaded: one mining of one source."
BATCHES = (
    Field("source", "varchar", "Where it was mined."),
    Field("batch", "bigint", "Number of the batch within its source, from 1."),
    Field("run_id", "varchar", "The run that wrote it."),
    Field("observed_at", "timestamptz", "When that run began to read the source (UTC)."),
    Field("row_count", "bigint", "Rows in its files; zero when nothing was new."),
    Field("is_partial", "boolean", "Whether more of the same mining was to follow."),
    Field("receipt_hash", "varchar", "SHA-256 over the list of its files and their checksums."),
)
BUILD = (
    Field("raw_schema_version", "varchar", "Hash over the raw tables' columns and keys."),
    Field("fingerprint", "varchar", "Hash over everything this build was made from."),
)
RAW_TABLES = (
    Field("table_name", "varchar", "Raw table."),
    Field("row_count", "bigint", "Rows it held when the last load ended."),
)


def raw_schema_version() -> str:
    """Hash the columns of the raw tables and the version of the loader."""
    shape = [
        (record.name, record.key, record.is_versioned, [(f.name, f.type) for f in record.columns])
        for record in RECORDS.values()
    ]
    own = [(field.name, field.type) for field in (BATCH, *BATCHES)]
    return hashlib.sha256(json.dumps([LOAD_VERSION, own, shape]).encode()).hexdigest()[:16]


def create_raw(connection: duckdb.DuckDBPyConnection) -> None:
    """Create all raw tables, empty, in place of existing ones."""
    for schema in ("raw", "meta"):
        connection.execute(f"drop schema if exists {schema} cascade")
        connection.execute(f"create schema {schema}")
    for record in RECORDS.values():
        _create(connection, f"raw.{record.name}", (*record.columns, BATCH))
    _create(connection, "raw.batches", BATCHES)
    _create(connection, "meta.build", BUILD)
    _create(connection, "meta.raw_tables", RAW_TABLES)
    connection.execute("insert into meta.build values ($1, null)", [raw_schema_version()])


def seal_raw(connection: duckdb.DuckDBPyConnection) -> None:
    """Record the row count of each raw table."""
    connection.execute("delete from meta.raw_tables")
    connection.execute("update meta.build set fingerprint = null")
    counts = (f"select {literal(name)}, count(*) from raw.{name}" for name in (*RECORDS, "batches"))
    connection.execute(f"insert into meta.raw_tables {' union all '.join(counts)}")


def describe_raw(connection: duckdb.DuckDBPyConnection) -> None:
    """Comment every raw table and column that has no comment yet."""
    described = _described(connection)
    for record in RECORDS.values():
        _describe(
            connection, f"raw.{record.name}", record.meaning, (*record.columns, BATCH), described
        )
    _describe(connection, "raw.batches", BATCHES_MEANING, BATCHES, described)


def is_intact(connection: duckdb.DuckDBPyConnection) -> bool:
    """
    Return whether the raw tables have the current schema and all loaded rows.

    Every row is read: DuckDB notices a damaged block only when it reads it.
    """
    try:
        version = connection.execute("select raw_schema_version from meta.build").fetchall()
        noted = connection.execute("select table_name, row_count from meta.raw_tables").fetchall()
        empty = without_rows(connection)
        counted = [
            (name, 0 if f"raw.{name}" in empty else _row_count(connection, name))
            for name, _ in noted
        ]
    except duckdb.Error:
        return False
    return version == [(raw_schema_version(),)] and bool(noted) and counted == noted


def _row_count(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    row = connection.execute(
        f"select count(*), bit_xor(hash(whole)) from raw.{quoted(name)} as whole"
    ).fetchone()
    return int(row[0]) if row else 0


def _create(connection: duckdb.DuckDBPyConnection, table: str, fields: Iterable[Field]) -> None:
    columns = ", ".join(f"{quoted(field.name)} {field.type}" for field in fields)
    connection.execute(f"create table {table} ({columns})")


def _described(connection: duckdb.DuckDBPyConnection) -> set[tuple[str, str, str]]:
    # Writing all comments again takes longer than loading a few rows.
    rows = connection.execute(
        "select 'raw.' || table_name, column_name, comment from duckdb_columns() "
        "where schema_name = 'raw' and comment is not null"
    ).fetchall()
    return {(table, column, meaning) for table, column, meaning in rows}


def _describe(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    meaning: str,
    fields: Iterable[Field],
    described: set[tuple[str, str, str]],
) -> None:
    connection.execute(f"comment on table {table} is {literal(meaning)}")
    new = {f.name: f.meaning for f in fields if (table, f.name, f.meaning) not in described}
    comment_on(connection, table, new)
