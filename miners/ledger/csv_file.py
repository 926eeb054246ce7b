"""Read CSV files of Excel, Numbers and Google Sheets."""

from __future__ import annotations

import codecs
import csv
import io
import re
from typing import TYPE_CHECKING

from miners.ledger.cells import quoted
from miners.ledger.headings import UnreadableFile, columns_of
from miners.ledger.rows import RawRow
from miners.ledger.tables import REMARK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from miners.ledger.tables import LedgerTable

_SAVE_AS = "Save it as CSV UTF-8 (comma delimited)"
_DELIMITERS = ",;\t"
# The first line with which Excel is given a delimiter.
_EXCEL_LINE = re.compile(r"sep=(.)\r?\n")


def read_csv(data: bytes, table: LedgerTable) -> Iterator[RawRow]:
    """
    Read the rows of a table.

    Shape:   empty rows and rows that begin with "# " are skipped.
    Errors:  UnreadableFile.
    """
    lines = _records(decoded(data))
    first = next(lines, None)
    if first is None:
        remedy = f"Begin it with a line of column names, such as {','.join(table.columns[:3])}"
        raise UnreadableFile("it is empty", f"{remedy}; quarry ledger init writes one")
    line, headings = first
    try:
        columns = columns_of(table, headings)
    except UnreadableFile as wrong:
        raise wrong.in_line(line) from None
    for line, cells in lines:
        is_remark = bool(cells) and cells[0].lstrip().startswith(f"{REMARK} ")
        if not is_remark and any(cell.strip() for cell in cells):
            yield _row(table, line, headings, columns, cells)


def decoded(data: bytes) -> str:
    """
    Decode a text as UTF-8, with or without a byte order mark.

    Errors:  UnreadableFile with the encoding that the text seems to have.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnreadableFile("it is UTF-16, which is not UTF-8", _SAVE_AS)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        korean = ", but may be cp949, the encoding of a Korean Excel" if _is_korean(data) else ""
        raise UnreadableFile(f"line {line} is not UTF-8{korean}", _SAVE_AS) from None


def _is_korean(data: bytes) -> bool:
    try:
        return re.search("[가-힣]", data.decode("cp949")) is not None
    except UnicodeDecodeError:
        return False


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with its first line, starting at the first record with a value."""
    excel_line = _EXCEL_LINE.match(text)
    line = 1 + (excel_line is not None)
    body = text[excel_line.end() :] if excel_line else text
    reader = csv.reader(
        io.StringIO(body, newline=""),
        delimiter=excel_line[1] if excel_line else _delimiter(body),
        strict=True,
    )
    end, has_begun = 0, False
    while True:
        begin = line + end
        try:
            cells = next(reader, None)
        except csv.Error as error:
            problem = f"from line {begin} on it is not CSV ({error})"
            raise UnreadableFile(problem, "Look for a quote that is not closed there") from None
        if cells is None:
            return
        end, has_begun = reader.line_num, has_begun or any(cell.strip() for cell in cells)
        if has_begun:
            yield begin, cells


def _delimiter(text: str) -> str:
    """Return the most frequent delimiter of the headings; spreadsheets choose it by language."""
    headings = next((line for line in text.splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=headings.count)


def _row(
    table: LedgerTable, line: int, headings: list[str], columns: list[str | None], cells: list[str]
) -> RawRow:
    named = list(zip(columns, cells, strict=False))
    nameless = [c for h, c in zip(headings, cells, strict=False) if not h.strip()]
    surplus = [cell for cell in nameless + cells[len(columns) :] if cell.strip()]
    return RawRow(
        table=table,
        line=line,
        cells={column: cell for column, cell in named if column},
        received={**dict(zip(headings, cells, strict=False)), **({"": surplus} if surplus else {})},
        faults=tuple(("", f"{quoted(cell)} is in no column") for cell in surplus[:1]),
    )
