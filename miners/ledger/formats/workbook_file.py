"""Read workbooks of Excel and LibreOffice: a sheet per table."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from miners.ledger.files import MOST_ROWS, table_named
from miners.ledger.formats.grid import grid_rows
from miners.ledger.headings import UnreadableFile
from miners.ledger.rows import FileRows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from python_calamine import CalamineSheet

    from miners.ledger.cells import Cell
    from miners.ledger.rows import RawRow
    from miners.ledger.tables import LedgerTable

_HALF_SECOND = timedelta(milliseconds=500)


def read_workbook(data: bytes, table: LedgerTable | None) -> FileRows:
    """
    Read each sheet that is named after a table, or else the only sheet of a file of one table.

    Shape:   the value of merged cells is that of each of their rows; the formula of a cell is its
             value when the workbook was saved, and a formula's error an empty cell.
    Errors:  UnreadableFile, without a remedy if no sheet is of a table, also while rows are read.
    """
    sheets = _sheets(data)
    tables = {name: found for name in sheets if (found := table_named(name))}
    if table and not tables:
        if len(sheets) != 1:
            names = ", ".join(sheets)
            problem = f"it has {len(sheets)} sheets with cells, none named after a table ({names})"
            raise UnreadableFile(problem, f"Name the sheet of {table.name} {table.name!r}")
        tables = dict.fromkeys(sheets, table)
    if not tables:
        raise UnreadableFile("no sheet of it is named after a table", "")
    rows = (row for name, found in tables.items() for row in _rows(found, sheets[name], name))
    return FileRows(rows=rows, has_points=False, other_sheets=tuple(sheets.keys() - tables.keys()))


def _sheets(data: bytes) -> dict[str, CalamineSheet]:
    """Return the sheets that have cells, by name."""
    try:
        book = CalamineWorkbook.from_object(io.BytesIO(data))
        sheets = {name: book.get_sheet_by_name(name) for name in book.sheet_names}
    except PasswordError:
        raise UnreadableFile("it needs a password", "Save it without one") from None
    except (CalamineError, ValueError, OSError) as error:
        problem = f"it is not a workbook that can be read ({error})"
        raise UnreadableFile(problem, "Save it again as .xlsx") from None
    return {name: sheet for name, sheet in sheets.items() if sheet.height}


def _rows(table: LedgerTable, sheet: CalamineSheet, name: str) -> Iterator[RawRow]:
    if sheet.total_height > MOST_ROWS + 1:
        raise UnreadableFile(f"it has more than {MOST_ROWS:,} rows", "Split it by years")
    grid = [[_cell(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        for line in range(top + 1, bottom + 1):
            grid[line][left] = grid[top][left]
    return grid_rows(table, enumerate(_without_ends(grid), 1), name)


def _without_ends(grid: list[list[Cell]]) -> Iterator[list[Cell]]:
    """Yield rows without the columns that no row has a value in, at the right."""
    width = max((n for row in grid for n, cell in enumerate(row, 1) if cell is not None), default=0)
    return (row[:width] for row in grid)


def _cell(cell: Cell) -> Cell:
    """Return a cell as typed; Excel keeps every number as a float, and a time as a part of one."""
    if cell == "":
        return None
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    if isinstance(cell, datetime):
        return (cell + _HALF_SECOND).replace(microsecond=0)
    return cell
