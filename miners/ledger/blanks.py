"""Find cells that are empty because cells above them were merged."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from miners.ledger.cells import is_empty, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from miners.ledger.cells import Cell
    from miners.ledger.rows import RawRow

# Columns whose empty cells have a meaning of their own: the ledger's project, the whole year.
_MEANINGFUL = ("project", "quarter")
_QUESTION = (
    "empty under {value}, as spreadsheets write merged cells. Fill it in, or set fill_down of the "
    "source: true for the value above, false for no value"
)


def without_gaps(rows: Sequence[RawRow], *, fill: bool | None) -> list[RawRow]:
    """
    Return rows with the empty cells of merged ones filled in, or as faults where nobody decided.

    Shape:   fill is the decision of the settings, None if there is none.
    """
    answered = list(rows)
    if fill is False:
        return answered
    for part in {(row.table.name, row.sheet) for row in rows}:
        numbers = [n for n, row in enumerate(rows) if (row.table.name, row.sheet) == part]
        table = rows[numbers[0]].table
        for column in (n for n in _MEANINGFUL if n in table.columns and n != table.id_column):
            cells = [rows[number].cells.get(column) for number in numbers]
            for number, value in _gaps(cells):
                at = numbers[number]
                answered[at] = _answered(answered[at], column, value, is_filled=fill is True)
    return answered


def _gaps(cells: Sequence[Cell]) -> list[tuple[int, Cell]]:
    """
    List the positions of the empty cells of a column that was merged, each with the value above.

    Such a column begins with a value, repeats none in the next row, and has empty cells under
    several of its values: under a single one they may as well be meant.
    """
    if is_empty(cells[0]) or any(first == second for first, second in _filled_pairs(cells)):
        return []
    gaps, value, runs = [], cells[0], 0
    for number, cell in enumerate(cells):
        if is_empty(cell):
            runs += not is_empty(cells[number - 1])
            gaps.append((number, value))
        else:
            value = cell
    return gaps if runs > 1 else []


def _filled_pairs(cells: Sequence[Cell]) -> Iterator[tuple[Cell, Cell]]:
    return ((a, b) for a, b in pairwise(cells) if not is_empty(a) and not is_empty(b))


def _answered(row: RawRow, column: str, value: Cell, *, is_filled: bool) -> RawRow:
    if is_filled:
        return replace(row, cells={**row.cells, column: value})
    fault = (column, _QUESTION.format(value=quoted(value)))
    return replace(row, faults=(*row.faults, fault))
