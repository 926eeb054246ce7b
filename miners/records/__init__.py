"""
Records that miners yield, one schema per record.

Raw tables, their comments and the data dictionary are generated from here. Every record has the
envelope (source, run_id, observed_at) and a natural key. A record is immutable (a commit never
changes under its hash) or versioned (a ref moves): the warehouse keeps every distinct version.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from miners.records import common, delivery, git, ledger, tracker
from miners.records.schema import (
    BOOLEAN,
    BYTES,
    DATE,
    DECIMAL,
    ENVELOPE,
    INSTANT,
    INTEGER,
    TEXT,
    Field,
    Record,
    polars_types,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "BOOLEAN",
    "BYTES",
    "DATE",
    "DECIMAL",
    "ENVELOPE",
    "INSTANT",
    "INTEGER",
    "RECORDS",
    "TEXT",
    "Field",
    "Record",
    "polars_types",
]

RECORDS: Mapping[str, Record] = {
    record.name: record
    for module in (git, tracker, delivery, ledger, common)
    for record in vars(module).values()
    if isinstance(record, Record)
}
