"""Schema of a record: columns, natural key and envelope."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

TEXT = "varchar"
INTEGER = "bigint"
BOOLEAN = "boolean"
INSTANT = "timestamptz"
BYTES = "blob"
DATE = "date"
DECIMAL = "decimal(18,6)"


@cache
def polars_types() -> Mapping[str, pl.DataType]:
    """Return the types of polars by those of columns; polars takes long to import."""
    import polars as pl  # noqa: PLC0415 - it takes a tenth of a second

    return {
        TEXT: pl.String(),
        INTEGER: pl.Int64(),
        BOOLEAN: pl.Boolean(),
        INSTANT: pl.Datetime("us", "UTC"),
        BYTES: pl.Binary(),
        DATE: pl.Date(),
        DECIMAL: pl.Decimal(18, 6),
    }


@dataclass(frozen=True)
class Field:
    """
    One column: its name, its DuckDB type, and its meaning.

    Shape:   payload_paths are JSON paths of a value that rows of older files have in their payload
             only; the first that is there.
    """

    name: str
    type: str
    meaning: str
    payload_paths: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Record:
    """One kind of record: its raw table, its natural key within a source, and its columns."""

    name: str
    meaning: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    is_versioned: bool = False

    @property
    def columns(self) -> tuple[Field, ...]:
        """Return the envelope followed by the record's own fields."""
        return ENVELOPE + self.fields

    @property
    def polars_schema(self) -> dict[str, pl.DataType]:
        return {field.name: polars_types()[field.type] for field in self.columns}


ENVELOPE = (
    Field("source", TEXT, "Where it was mined: host and path of a URL, or the absolute path."),
    Field("run_id", TEXT, "The run that observed it first."),
    Field("observed_at", INSTANT, "When that run began to read the source (UTC)."),
)
