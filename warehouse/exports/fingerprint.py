"""
Hash of a build's inputs: whether there is anything to build.

A poll that found nothing new changes it too: time has passed, so that something is overdue, older
or over. The build after it makes only what reads the instants of the polls.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import duckdb

from miners.store import all_batches
from warehouse.build.code_version import program_hash
from warehouse.connection import open_for_reading
from warehouse.errors import WarehouseError
from warehouse.exports.current import CURRENT
from warehouse.exports.manifest import MANIFEST, read_manifest
from warehouse.seals.seal_file import seal_hash
from warehouse.sql import has_table
from warehouse.tables.batches import receipt_hash

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from miners.store import Batch, Receipt
    from warehouse.context import Context


def fingerprint(
    batches: Iterable[Batch],
    context: Context,
    *,
    folder: Path | None = None,
    seals: Iterable[Path] = (),
    key: bytes = b"",
) -> str:
    """
    Hash the batches, the settings, the models, the seals, this program and DuckDB's version.

    Shape:   all batches of the store; key is that of the pseudonyms in the exports.
    """
    receipts = [batch.receipt for batch in batches]
    facts = [
        _contents(receipts),
        [seal_hash(sealed) for sealed in seals],
        _last_polls(receipts),
        asdict(context),
        program_hash(folder),
        key.hex(),
    ]
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()


def store_hash(store: Path) -> str:
    """Hash the store: all its receipts."""
    receipts = [batch.receipt for batch in all_batches(store)]
    return hashlib.sha256(json.dumps(_contents(receipts)).encode()).hexdigest()


def stamped_on(connection: duckdb.DuckDBPyConnection, key: bytes = b"") -> str | None:
    """Return the fingerprint of an open warehouse; None where it has none, or had another key."""
    if not (has_table(connection, "meta", "build") and has_table(connection, "meta", "export_key")):
        return None
    row = connection.execute(
        "select fingerprint from meta.build, meta.export_key where key_hash = $1", [_hash(key)]
    ).fetchone()
    return row[0] if row else None


def stamp(connection: duckdb.DuckDBPyConnection, fingerprint: str, key: bytes = b"") -> None:
    """Record in the warehouse the fingerprint of its inputs, and which key its exports have."""
    connection.execute("update meta.build set fingerprint = $1", [fingerprint])
    connection.execute("create or replace table meta.export_key (key_hash varchar)")
    connection.execute("insert into meta.export_key values ($1)", [_hash(key)])


def is_current(warehouse: Path, exports: Path, fingerprint: str) -> bool:
    """Return whether the published warehouse and exports both have this fingerprint."""
    manifest = read_manifest(exports / CURRENT / MANIFEST)
    return (
        manifest is not None
        and manifest.fingerprint == fingerprint
        and _stamped(warehouse) == fingerprint
    )


def _stamped(warehouse: Path) -> str | None:
    try:
        with open_for_reading(warehouse) as connection:
            row = connection.execute("select fingerprint from meta.build").fetchone()
    except (WarehouseError, duckdb.Error):
        return None
    return row[0] if row else None


def _hash(key: bytes) -> str:
    return hashlib.sha256(key).hexdigest()


def _contents(receipts: list[Receipt]) -> list[list[str | int]]:
    return [[r.source, r.batch, receipt_hash(r)] for r in receipts if r.files]


def _last_polls(receipts: list[Receipt]) -> dict[str, str]:
    """Return the instant of each source's last poll."""
    return {receipt.source: str(receipt.observed_at) for receipt in receipts}
