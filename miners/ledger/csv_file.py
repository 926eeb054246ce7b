"""CSV as Excel, Numbers and Google Sheets write it, to rows with their lines."""

from __future__ import annotations

import codecs
import csv
import io
import re
from typing import TYPE_CHECKING

from miners.ledger.cells import shown
from miners.ledger.headings import UnreadFile, columns_of
from miners.ledger.rows import RawRow
from miners.ledger.tables import REMARK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from miners.ledger.tables import Table

_SAVE_AS = "Save it as CSV UTF-8 (comma delimited)"
_DELIMITERS = ",;\t"
# How Excel is told of a delimiter, in a line before all others.
_EXCEL_LINE = re.compile(r"sep=(.)\r?\n")


def read_csv(data: bytes, table: Table) -> Iterator[RawRow]:
    """
    Read the rows of a table.

    Shape:   empty rows and rows that begin with "# " are passed over.
    Errors:  UnreadFile.
    """
    lines = _records(decoded(data))
    first = next(lines, None)
    if first is None:
        remedy = f"Begin it with a line of column names, such as {','.join(table.columns[:3])}"
        raise UnreadFile("it is empty", f"{remedy}; quarry ledger init writes one")
    line, headings = first
    try:
        columns = columns_of(table, headings)
    except UnreadFile as wrong:
        raise wrong.in_line(line) from None
    for line, cells in lines:
        is_remark = bool(cells) and cells[0].lstrip().startswith(f"{REMARK} ")
        if not is_remark and any(cell.strip() for cell in cells):
            yield _row(table, line, headings, columns, cells)


def decoded(data: bytes) -> str:
    """
    Decode a text as UTF-8, with or without a byte order mark.

    Errors:  UnreadFile names the encoding that it seems to be in.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnreadFile("it is UTF-16, which is not UTF-8", _SAVE_AS)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        korean = ", as cp949 of a Korean Excel would have it" if _is_korean(data) else ""
        raise UnreadFile(f"line {line} is not UTF-8{korean}", _SAVE_AS) from None


def _is_korean(data: bytes) -> bool:
    try:
        return re.search("[가-힣]", data.decode("cp949")) is not None
    except UnicodeDecodeError:
        return False


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line that it begins in, from the first one with a value on."""
    told = _EXCEL_LINE.match(text)
    line = 1 + (told is not None)
    body = text[told.end() :] if told else text
    reader = csv.reader(
        io.StringIO(body, newline=""), delimiter=told[1] if told else _delimiter(body), strict=True
    )
    end, has_begun = 0, False
    while True:
        begin = line + end
        try:
            cells = next(reader, None)
        except csv.Error as error:
            problem = f"from line {begin} on it is no CSV ({error})"
            raise UnreadFile(problem, "Look for a quote that is not closed there") from None
        if cells is None:
            return
        end, has_begun = reader.line_num, has_begun or any(cell.strip() for cell in cells)
        if has_begun:
            yield begin, cells


def _delimiter(text: str) -> str:
    """Choose what the headings have most between them: spreadsheets go by their language."""
    headings = next((line for line in text.splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=headings.count)


def _row(
    table: Table, line: int, headings: list[str], columns: list[str | None], cells: list[str]
) -> RawRow:
    named = list(zip(columns, cells, strict=False))
    nameless = [c for h, c in zip(headings, cells, strict=False) if not h.strip()]
    surplus = [cell for cell in nameless + cells[len(columns) :] if cell.strip()]
    return RawRow(
        table=table,
        line=line,
        cells={column: cell for column, cell in named if column},
        received={**dict(zip(headings, cells, strict=False)), **({"": surplus} if surplus else {})},
        faults=tuple(("", f"{shown(cell)} stands in no column") for cell in surplus[:1]),
    )
