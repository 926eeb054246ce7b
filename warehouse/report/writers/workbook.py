"""Write the tables of a report as a workbook without formulas."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import xlsxwriter

from warehouse.query.formats import visible
from warehouse.report.blocks import Fold, ReportTable
from warehouse.report.format.language import Language, msgid
from warehouse.report.format.numbers import COUNT, CUSTOM_UNIT, RATIO
from warehouse.report.writers.links import allowed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from warehouse.report.blocks import Block, Cell, Column, Document

# Equal tables give equal bytes: the workbook has a fixed creation time.
MADE_AT = datetime(2000, 1, 1)  # noqa: DTZ001 - a spreadsheet knows no zones
LONGEST_TEXT, LONGEST_NAME, MOST_LINKS = 32_000, 31, 60_000
PARTS = {"change": msgid("change"), "note": msgid("note"), "status": msgid("status")}
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
# The number of the paper in the format of workbooks.
A4 = 9
WIDEST, NARROWEST, LONGEST_UNIT = 60, 9, 20
FORMATS = {
    "": "#,##0.##",
    RATIO: "0.0%",
    "hours": '#,##0.0 "h"',
    "days": '#,##0.0 "d"',
    "day": "yyyy-mm-dd",
    "instant": "yyyy-mm-dd hh:mm",
    "count": "#,##0",
}


def as_workbook(documents: Sequence[Document]) -> bytes:
    """Return a workbook with one sheet per table of a report."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_urls": False}) as book:
        book.set_properties({"title": visible(documents[0].title), "created": MADE_AT})
        for document in documents:
            sheets = _Sheets(book, Language(document.language))
            for section in document.sections:
                for number, table in enumerate(_tables(section.blocks)):
                    sheets.add(table, table.caption if number else section.title)
    return out.getvalue()


def _tables(blocks: Iterable[Block]) -> Iterator[ReportTable]:
    for block in blocks:
        if isinstance(block, ReportTable) and block.only_for != "readers":
            yield block
        elif isinstance(block, Fold) and not block.is_for_pages:
            yield from _tables(block.blocks)


class _Sheets:
    """The sheets of a workbook and their shared formats."""

    def __init__(self, book: Workbook, language: Language) -> None:
        self._book, self._language = book, language
        self._head = book.add_format({"bold": True, "bottom": 2, "valign": "bottom"})
        self._group = book.add_format({"bold": True, "font_color": "#59636E"})
        self._text = book.add_format({"valign": "top"})
        self._formats = {
            unit: book.add_format({"num_format": shown, "align": "right"})
            for unit, shown in FORMATS.items()
        }

    def add(self, table: ReportTable, title: str) -> None:
        """Add a sheet with a table; change, note and status have their own columns."""
        sheet = self._book.add_worksheet(self._name(title))
        sheet.freeze_panes(1, 1)
        _set_up_print(sheet)
        layout = [
            (i, part)
            for i, table_column in enumerate(table.columns)
            if table_column.kind != "chart"
            for part in ("", *_parts(table, i))
        ]
        for column, (i, part) in enumerate(layout):
            head = self._title(table.columns[i], part)
            sheet.write_string(0, column, head, self._head)
            sheet.set_column(column, column, _width(head, table, i, part))
        if table.rows and not any(row.is_group for row in table.rows):
            sheet.autofilter(0, 0, len(table.rows), len(layout) - 1)
        for number, row in enumerate(table.rows, 1):
            if row.is_group:
                sheet.write_string(number, 0, _fitting(row.cells[0].text), self._group)
                continue
            for column, (i, part) in enumerate(layout):
                self._write(sheet, number, column, row.cells[i], part)

    def _title(self, column: Column, part: str) -> str:
        part_title = self._language.text(PARTS[part]) if part else ""
        return _fitting(" ".join(filter(None, (column.title, column.below, part_title))))

    def _write(self, sheet: Worksheet, row: int, column: int, cell: Cell, part: str) -> None:
        if part:
            sheet.write_string(row, column, _fitting(getattr(cell, part)), self._text)
        elif isinstance(cell.value, int | float):
            shown = self._number_format(cell.number_format) or self._format(cell.unit)
            sheet.write_number(row, column, cell.value, shown)
        elif isinstance(cell.value, datetime):
            sheet.write_datetime(row, column, _without_zone(cell.value), self._format("instant"))
        elif isinstance(cell.value, date):
            sheet.write_datetime(row, column, cell.value, self._format("day"))
        elif row < MOST_LINKS and cell.address and (safe := allowed(cell.address)):
            sheet.write_url(row, column, safe, string=_fitting(cell.text))
        else:
            sheet.write_string(row, column, _fitting(cell.text), self._text)

    def _number_format(self, shown: str) -> Format | None:
        if shown and shown not in self._formats:
            self._formats[shown] = self._book.add_format({"num_format": shown, "align": "right"})
        return self._formats.get(shown) if shown else None

    def _format(self, unit: str) -> Format:
        if unit.startswith(CUSTOM_UNIT) and unit not in self._formats:
            shown = {"num_format": _custom_format(unit), "align": "right"}
            self._formats[unit] = self._book.add_format(shown)
        return self._formats.get(unit, self._formats[""])

    def _name(self, title: str) -> str:
        """Return a short, unique sheet name."""
        base = NOT_IN_NAMES.sub(" ", visible(title)).strip()[:LONGEST_NAME] or "-"
        taken = {sheet.get_name().casefold() for sheet in self._book.worksheets()}
        name, number = base, 1
        while name.casefold() in taken:
            number += 1
            name = f"{base[: LONGEST_NAME - 3]} {number}"
        return name


def _set_up_print(sheet: Worksheet) -> None:
    """Print a sheet on A4, one page wide, with its head and the page number on each page."""
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&L&A&R&P / &N")


def _parts(table: ReportTable, column: int) -> list[str]:
    """List the parts below the figures of a column."""
    cells = [row.cells[column] for row in table.rows if not row.is_group]
    return [part for part in ("change", "note", "status") if any(getattr(c, part) for c in cells)]


def _width(title: str, table: ReportTable, column: int, part: str) -> int:
    texts = (getattr(row.cells[column], part or "text") for row in table.rows if not row.is_group)
    longest = max((len(text) for text in (title, *texts)), default=0)
    return min(max(longest + 2, NARROWEST), WIDEST)


def _custom_format(unit: str) -> str:
    """Return the number format of a custom unit, quoted so that it is no format code."""
    suffix = re.sub(r'["\\]', "", visible(unit.removeprefix(CUSTOM_UNIT)))[:LONGEST_UNIT]
    default = FORMATS[""]
    if suffix in {"", COUNT}:
        return default
    return f'{default}"{suffix}"' if suffix == "%" else f'{default}" {suffix}"'


def _fitting(text: str) -> str:
    return visible(" ".join(text.splitlines()))[:LONGEST_TEXT]


def _without_zone(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(tzinfo=None)
