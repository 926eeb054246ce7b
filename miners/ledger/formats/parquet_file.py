"""Read Parquet files of a table of a ledger."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import polars as pl
from polars.exceptions import PolarsError

from miners.ledger.files import MOST_ROWS
from miners.ledger.headings import UnreadableFile, columns_of
from miners.ledger.rows import RawRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from miners.ledger.tables import LedgerTable

_SIMPLE = (pl.String, pl.Categorical, pl.Enum, pl.Boolean, pl.Date, pl.Datetime, pl.Null)


def read_parquet(data: bytes, table: LedgerTable) -> Iterator[RawRow]:
    """
    Read the rows of a table; instead of lines they have their number, from 1.

    Errors:  UnreadableFile.
    """
    try:
        headings = list(pl.read_parquet_schema(io.BytesIO(data)))
        columns = columns_of(table, headings)
        selected = [h for h, column in zip(headings, columns, strict=True) if column]
        frame = pl.read_parquet(io.BytesIO(data), columns=selected, n_rows=MOST_ROWS + 1)
    except (PolarsError, OSError, pl.exceptions.ComputeError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UnreadableFile(
            f"it is not Parquet that can be read ({reason})", "Write it again"
        ) from None
    odd = [n for n, t in frame.schema.items() if not t.is_numeric() and t not in _SIMPLE]
    if odd:
        problem = f"column {odd[0]} has the type {frame.schema[odd[0]]}"
        raise UnreadableFile(problem, "Write texts, numbers, days and instants only")
    named = dict(zip(headings, columns, strict=True))
    for number, row in enumerate(frame.iter_rows(named=True), 1):
        if any(cell is not None for cell in row.values()):
            yield RawRow(
                table=table,
                line=number,
                cells={str(named[h]): cell for h, cell in row.items()},
                received=row,
            )
