"""Rows of a table, from lines of cells below their headings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miners.ledger.cells import is_empty, quoted
from miners.ledger.headings import UnreadableFile, columns_of
from miners.ledger.rows import RawRow
from miners.ledger.tables import REMARK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from miners.ledger.cells import Cell
    from miners.ledger.tables import LedgerTable

    Lines = Iterator[tuple[int, Sequence[Cell]]]


def grid_rows(table: LedgerTable, lines: Lines, sheet: str | None = None) -> Iterator[RawRow]:
    """
    Yield the rows of a table.

    Shape:   empty rows, and rows that begin with "# ", are skipped.
    Errors:  UnreadableFile.
    """
    filled = ((line, cells) for line, cells in lines if not all(map(is_empty, cells)))
    first = next(filled, None)
    if first is None:
        remedy = f"Begin it with a line of column names, such as {','.join(table.columns[:3])}"
        raise UnreadableFile("it is empty", f"{remedy}; `quarry ledger init` writes one")
    line, heads = first
    headings = ["" if is_empty(head) else str(head) for head in heads]
    try:
        columns = columns_of(table, headings)
    except UnreadableFile as wrong:
        raise wrong.in_line(line) from None
    for line, cells in filled:
        if not str(cells[0]).lstrip().startswith(f"{REMARK} "):
            yield _row(table, line, (headings, columns), cells, sheet)


def _row(
    table: LedgerTable,
    line: int,
    head: tuple[list[str], list[str | None]],
    cells: Sequence[Cell],
    sheet: str | None,
) -> RawRow:
    headings, columns = head
    named = list(zip(columns, cells, strict=False))
    nameless = [c for h, c in zip(headings, cells, strict=False) if not h.strip()]
    surplus = [cell for cell in [*nameless, *cells[len(columns) :]] if not is_empty(cell)]
    return RawRow(
        table=table,
        line=line,
        sheet=sheet,
        cells={column: cell for column, cell in named if column},
        received={**dict(zip(headings, cells, strict=False)), **({"": surplus} if surplus else {})},
        faults=tuple(("", f"{quoted(cell)} is in no column") for cell in surplus[:1]),
    )
