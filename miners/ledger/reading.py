"""Read a whole ledger: accepted rows, rejected rows, unreadable files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from miners.ledger.blanks import without_gaps
from miners.ledger.cells import is_empty, quoted
from miners.ledger.files import CALENDAR, CSV, FEED, MOST_ROWS, TOML, WORKBOOK, LedgerFile
from miners.ledger.formats.csv_file import read_csv
from miners.ledger.formats.encodings import decode_text
from miners.ledger.formats.parquet_file import read_parquet
from miners.ledger.formats.toml_file import read_toml
from miners.ledger.headings import UnreadableFile
from miners.ledger.numbers import style_of
from miners.ledger.rows import FileRows, LedgerRow, RejectedRow, RowChecker, payload_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from miners.ledger.address import LedgerSource
    from miners.ledger.numbers import NumberStyle
    from miners.ledger.opening import Opened
    from miners.ledger.rows import RawRow
    from miners.ledger.tables import LedgerTable

_TEXTS = {CSV, TOML, CALENDAR}
_GRIDS = {CSV, WORKBOOK}


@dataclass(kw_only=True)
class LedgerContent:
    """
    The content of a ledger.

    Shape:   rows by table and identifier; unreadable are files that should have been read, ignored
             files that may not belong to it, both with their problem.
    """

    rows: dict[tuple[str, str], LedgerRow] = field(default_factory=dict)
    rejected: list[RejectedRow] = field(default_factory=list)
    unreadable: dict[str, UnreadableFile] = field(default_factory=dict)
    ignored: dict[str, str] = field(default_factory=dict)
    # Files that are decoded by another encoding than UTF-8, with its name.
    encodings: dict[str, str] = field(default_factory=dict)
    # Files whose missing rows are not removed ones.
    partial_files: set[str] = field(default_factory=set)

    @property
    def is_sound(self) -> bool:
        return not self.rejected and not self.unreadable

    def take(self, row: LedgerRow | RejectedRow) -> None:
        """Add a row, but not a second one with the same identifier."""
        if isinstance(row, LedgerRow):
            before = self.rows.setdefault((row.table.name, row.key), row)
            if before is row:
                return
            row = _second(row, before)
        self.rejected.append(row)
        if row.key is None:
            self.partial_files.add(row.place.file)


def read_ledger(
    source: LedgerSource, opened: Iterable[Opened], observed_at: datetime
) -> LedgerContent:
    """Read the files of a ledger; an error in one does not affect the others."""
    reading = LedgerContent()
    for file, data in opened:
        try:
            if isinstance(data, UnreadableFile):
                raise data
            if isinstance(file, LedgerFile):
                _read_file(reading, source, file, data, horizon(observed_at))
        except UnreadableFile as unread:
            if unread.remedy:
                reading.unreadable[file.name] = unread
            else:
                reading.ignored[file.name] = unread.problem
    return reading


def horizon(observed_at: datetime) -> date:
    """Return the day before which endless events are listed."""
    return date(observed_at.year + 2, 1, 1)


def _read_file(
    reading: LedgerContent, source: LedgerSource, file: LedgerFile, data: bytes, until: date
) -> None:
    content = _content(reading, source, file, data, until)
    rows = list(islice(content.rows, MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise UnreadableFile(f"it has more than {MOST_ROWS:,} rows", "Split it by years")
    if file.format == FEED:
        # A feed has the newest entries only.
        reading.partial_files.add(file.name)
    for sheet in content.other_sheets:
        reading.ignored[f"{file.name}[{sheet}]"] = f"no table is called {sheet!r}"
    if file.format in _GRIDS:
        rows = without_gaps(rows, fill=source.fill_down)
    styles = _styles(rows, source.decimal, has_points=content.has_points)
    checker = RowChecker(file.name, source.time_zone, source.project, styles)
    for row in rows:
        reading.take(checker.check(row))


def _styles(
    rows: Sequence[RawRow], sign: str | None, *, has_points: bool
) -> dict[str, dict[str, NumberStyle]]:
    """Return the number style of each column of numbers, by table."""
    tables = {row.table.name: row.table for row in rows}
    cells = {
        name: {
            column: [row.cells.get(column) for row in rows if row.table is table]
            for column in table.numbers
        }
        for name, table in tables.items()
    }
    return {
        name: {
            column: style_of(found, sign, has_points=has_points)
            for column, found in columns.items()
        }
        for name, columns in cells.items()
    }


def _content(
    reading: LedgerContent, source: LedgerSource, file: LedgerFile, data: bytes, until: date
) -> FileRows:
    if file.format in _TEXTS:
        text, encoding = decode_text(data)
        if encoding:
            reading.encodings[file.name] = encoding
        return _text_content(source, file, text, until)
    if file.format == FEED:
        from miners.ledger.formats.feed_file import read_feed  # noqa: PLC0415 - see below

        return FileRows(rows=read_feed(data, ZoneInfo(source.time_zone), source.patterns))
    if file.format == WORKBOOK:
        from miners.ledger.formats.workbook_file import read_workbook  # noqa: PLC0415 - see below

        return read_workbook(data, file.table)
    return FileRows(rows=read_parquet(data, _table(file)))


def _text_content(source: LedgerSource, file: LedgerFile, text: str, until: date) -> FileRows:
    if file.format == CSV:
        return read_csv(text, _table(file))
    if file.format == TOML:
        return FileRows(rows=read_toml(text))
    # The libraries of calendars and feeds take most of a second to load.
    from miners.ledger.formats.calendar_file import read_calendar  # noqa: PLC0415 - see above

    zone = ZoneInfo(source.time_zone)
    return FileRows(rows=read_calendar(text, zone, source.patterns, until))


def _table(file: LedgerFile) -> LedgerTable:
    if file.table is None:
        raise ValueError(f"{file.name}: a {file.format} file is of one table")
    return file.table


def _second(row: LedgerRow, before: LedgerRow) -> RejectedRow:
    table = row.table
    if not is_empty(row.raw.cells.get(table.id_column)):
        fault = (table.id_column, f"{quoted(row.key)} is already in {before.place}")
    else:
        names = [" or ".join(columns) for columns in table.made_of]
        same = f"the same {', '.join(names[:-1])} and {names[-1]} as in {before.place}"
        fault = ("", f"{same}; give each an identifier in column {table.id_column}")
    return RejectedRow(
        table=table,
        key=row.key,
        faults=(fault,),
        payload=payload_of(row.raw),
        place=row.place,
    )
