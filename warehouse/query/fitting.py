"""Choose the columns of a table that fit a width."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# A longer cell is cut before a whole column is omitted.
WIDEST_CELL = 40
# What a border and the spaces around a cell take; the column that marks the omitted ones.
_BORDER, _MARK = 3, 1


def table_width(widths: Sequence[int]) -> int:
    """Return the width of a table with cells of these widths."""
    return sum(widths) + _BORDER * len(widths) + 1


def fitting_columns(widths: Sequence[int], width: int) -> list[int | None]:
    """
    Return the columns of a table that fit; None is where others are omitted, in the middle.

    Shape:   indices; at least the first column. Cells are at most WIDEST_CELL wide, unless all fit.
    """
    cut = [min(cell, WIDEST_CELL) for cell in widths]
    taken = [cell + _BORDER for cell in cut]
    if min(table_width(widths), table_width(cut)) <= width:
        return list(range(len(widths)))
    left, right = [0], list[int]()
    room = width - 1 - taken[0] - (_MARK + _BORDER)
    while (first := len(left)) <= (last := len(widths) - 1 - len(right)):
        index = first if len(left) <= len(right) else last
        if taken[index] > room:
            break
        room -= taken[index]
        (left if index == first else right).append(index)
    is_whole = len(left) + len(right) == len(widths)
    return [*left, *([] if is_whole else [None]), *reversed(right)]
