"""
Load batches of the store into the raw tables.

A known observation is not stored again: of an immutable record the first one is kept, of a
versioned record every change of content, in the order of the batches.
"""

# ruff: noqa: S608 - what is put into SQL here is our own names, or quoted
from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import TYPE_CHECKING

import duckdb

from miners.records import RECORDS
from miners.store import all_batches, sha256_of
from warehouse.errors import ContractViolated
from warehouse.sql import has_table, insert, literal, quoted_list
from warehouse.tables.held_back import note_held_back, without_held_back
from warehouse.tables.raw import create_raw, seal_raw

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from miners.records import Field, Record
    from miners.store import Batch, BatchFile, Receipt
    from warehouse.tables.held_back import HeldBack

TYPE_NAMES = {"timestamptz": "timestamp with time zone"}


def load_batches(connection: duckdb.DuckDBPyConnection, store: Path) -> dict[str, int]:
    """Load the batches of a store, none of them held back."""
    return load_without(connection, all_batches(store), {})


def load_without(
    connection: duckdb.DuckDBPyConnection,
    batches: Sequence[Batch],
    held_back: Mapping[str, HeldBack],
) -> dict[str, int]:
    """Load as load does what is not held back, and note what is."""
    counts = load(connection, without_held_back(batches, held_back))
    note_held_back(connection, held_back.values())
    return counts


def load(connection: duckdb.DuckDBPyConnection, batches: Sequence[Batch]) -> dict[str, int]:
    """
    Load those of some batches that are new, or all if another one is loaded.

    Shape:   new rows per kind of record.
    Errors:  ContractViolated names a file whose checksum, rows or columns are wrong.
    """
    if not _is_continued_by(connection, batches):
        create_raw(connection)
    loaded = _loaded(connection)
    new = [batch for batch in batches if _identity(batch.receipt) not in loaded]
    _verify_checksums(new)
    counts = {name: _load_record(connection, record, new) for name, record in RECORDS.items()}
    _note_batches(connection, [batch.receipt for batch in new])
    seal_raw(connection)
    return counts


def receipt_hash(receipt: Receipt) -> str:
    """Hash the list of a batch's files with their checksums."""
    files = json.dumps([asdict(file) for file in receipt.files], sort_keys=True)
    return hashlib.sha256(files.encode()).hexdigest()


def _identity(receipt: Receipt) -> tuple[str, int, str]:
    return receipt.source, receipt.batch, receipt_hash(receipt)


def _loaded(connection: duckdb.DuckDBPyConnection) -> set[tuple[str, int, str]]:
    query = "select source, batch, receipt_hash from raw.batches"
    return {(source, batch, sums) for source, batch, sums in connection.execute(query).fetchall()}


def _is_continued_by(connection: duckdb.DuckDBPyConnection, batches: Sequence[Batch]) -> bool:
    return has_table(connection, "raw", "batches") and _loaded(connection) <= {
        _identity(b.receipt) for b in batches
    }


def _verify_checksums(batches: Sequence[Batch]) -> None:
    files = [(batch.folder / file.name, file) for batch in batches for file in batch.receipt.files]
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda pair: _verify_checksum(*pair), files))


def _verify_checksum(path: Path, file: BatchFile) -> None:
    if not path.is_file():
        raise ContractViolated(str(path), None, f"{file.bytes} bytes", "no file")
    found = sha256_of(path)
    if found != file.sha256:
        raise ContractViolated(str(path), None, f"sha256 {file.sha256}", f"sha256 {found}")


def _load_record(
    connection: duckdb.DuckDBPyConnection, record: Record, batches: Sequence[Batch]
) -> int:
    files = {
        str(batch.folder / file.name): (batch.receipt.batch, file.rows)
        for batch in batches
        for file in batch.receipt.files
        if file.record == record.name
    }
    if not files:
        return 0
    _verify_files(connection, record, {path: rows for path, (_, rows) in files.items()})
    arrived = _arrived(record, {path: number for path, (number, _) in files.items()})
    select = _changes(record, arrived) if record.is_versioned else _firsts(record, arrived)
    columns = quoted_list([*(field.name for field in record.columns), "batch"])
    try:
        row = connection.execute(
            f"insert into raw.{record.name} ({columns}) select {columns} from ({select})"
        ).fetchone()
    except duckdb.Error as error:
        raise ContractViolated(
            f"raw.{record.name}", None, "files of the store that DuckDB can read", str(error)
        ) from error
    return int(row[0]) if row else 0


def _verify_files(
    connection: duckdb.DuckDBPyConnection, record: Record, rows: dict[str, int]
) -> None:
    paths = _paths(rows)
    counted = connection.execute(
        f"select file_name, num_rows from parquet_file_metadata({paths})"
    ).fetchall()
    for path, found in counted:
        if found != rows[path]:
            raise ContractViolated(path, None, f"{rows[path]} rows", f"{found} rows")
    described = connection.execute(
        f"select * from (describe select * from read_parquet({paths}, union_by_name = true))"
    ).fetchall()
    _verify_columns(record, {name: kind.lower() for name, kind, *_ in described})


def _verify_columns(record: Record, types: dict[str, str]) -> None:
    """
    Compare the columns of files with the record's.

    A column that older files lack reads as null; a missing key is an error.
    """
    needed = {"source", "run_id", "observed_at", *record.key}
    for field in record.columns:
        expected = TYPE_NAMES.get(field.type, field.type)
        found = types.get(field.name, "no such column" if field.name in needed else expected)
        if found != expected:
            raise ContractViolated(f"raw.{record.name}", field.name, expected, found)


def _paths(paths: dict[str, int]) -> str:
    return f"[{', '.join(literal(path) for path in paths)}]"


def _arrived(record: Record, batch_of: dict[str, int]) -> str:
    """
    Return the select of new files' rows with their batch.

    A column that a file lacks is read from its payloads, or is null.
    """
    stated = [_with_payload(field) for field in record.fields if field.payload_paths]
    replaced = f"replace ({', '.join(stated)})" if stated else ""
    batches = ", ".join(f"({literal(path)}, {number})" for path, number in batch_of.items())
    return f"""
        select arrived.* {replaced}, batches.batch
        from (
            (select * exclude (batch) from raw.{record.name} limit 0)
            union all by name
            select * from read_parquet(
                {_paths(batch_of)},
                union_by_name = true, filename = true, file_row_number = true
            )
        ) as arrived
        inner join (values {batches}) as batches (filename, batch) using (filename)
    """


def _with_payload(field: Field) -> str:
    # A payload may have texts that are no valid Unicode, which the typed columns do without.
    values = (f"try(payload ->> {literal(path)})" for path in field.payload_paths)
    return f"coalesce({field.name}, {', '.join(values)}) as {field.name}"


def _firsts(record: Record, arrived: str) -> str:
    """Return the select of the first observation of each new key."""
    key = quoted_list(("source", *record.key))
    return f"""
        select * from ({arrived}) as arrived
        anti join raw.{record.name} using ({key})
        qualify row_number() over (
            partition by {key} order by batch, filename, file_row_number
        ) = 1
    """


def _changes(record: Record, arrived: str) -> str:
    """Return the select of observations whose content differs from the one before."""
    key = quoted_list(("source", *record.key))
    content = quoted_list(f.name for f in record.fields if f.name not in record.key)
    return f"""
        with arrived as (
            select *, true as is_new from ({arrived})
            qualify row_number() over (
                partition by {key}, batch order by filename desc, file_row_number desc
            ) = 1
        ),
        known as (
            select *, false as is_new from raw.{record.name}
            where source in (select source from arrived)
            qualify row_number() over (partition by {key} order by batch desc) = 1
        ),
        history as (
            select * from arrived
            union all by name
            select * from known
        ),
        compared as (
            select
                *,
                row({content}) as content,
                lag(row({content})) over (partition by {key} order by batch) as content_before,
                row_number() over (partition by {key} order by batch) as version_number
            from history
        )
        select * from compared
        where is_new and (version_number = 1 or content is distinct from content_before)
    """


def _note_batches(connection: duckdb.DuckDBPyConnection, receipts: Sequence[Receipt]) -> None:
    rows = [
        (r.source, r.batch, r.run_id, r.observed_at, row_count, r.is_partial, receipt_hash(r))
        for r in receipts
        for row_count in [sum(file.rows for file in r.files)]
    ]
    insert(connection, "raw.batches", rows)
