"""Read CSV files of Excel, Numbers and Google Sheets."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from miners.ledger.formats.grid import grid_rows
from miners.ledger.headings import UnreadableFile
from miners.ledger.rows import FileRows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from miners.ledger.tables import LedgerTable

_COMMA = ","
_DELIMITERS = f"{_COMMA};\t"
# The first line with which Excel is given a delimiter.
_EXCEL_LINE = re.compile(r"sep=(.)\r?\n")


def read_csv(text: str, table: LedgerTable) -> FileRows:
    """
    Read the rows of a table.

    Shape:   numbers of a file with commas between its cells have points.
    Errors:  UnreadableFile, also while the rows are read.
    """
    excel_line = _EXCEL_LINE.match(text)
    body = text[excel_line.end() :] if excel_line else text
    delimiter = excel_line[1] if excel_line else _delimiter(body)
    lines = _records(body, delimiter, 1 + (excel_line is not None))
    return FileRows(rows=grid_rows(table, lines), has_points=delimiter == _COMMA)


def _records(body: str, delimiter: str, line: int) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with its first line."""
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
    end = 0
    while True:
        begin = line + end
        try:
            cells = next(reader, None)
        except csv.Error as error:
            problem = f"from line {begin} on it is not CSV ({error})"
            raise UnreadableFile(problem, "Look for a quote that is not closed there") from None
        if cells is None:
            return
        end = reader.line_num
        yield begin, cells


def _delimiter(text: str) -> str:
    """Return the most frequent delimiter of the headings; spreadsheets choose it by language."""
    headings = next((line for line in text.splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=headings.count)
