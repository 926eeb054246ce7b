"""Read a whole ledger: accepted rows, rejected rows, unreadable files."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from miners.ledger.cells import is_empty, quoted
from miners.ledger.csv_file import read_csv
from miners.ledger.files import CALENDAR, FEED, MOST_ROWS, PARQUET, TOML, LedgerFile
from miners.ledger.headings import UnreadableFile
from miners.ledger.parquet_file import read_parquet
from miners.ledger.rows import LedgerRow, RejectedRow, RowChecker, payload_of
from miners.ledger.tables import KINDS
from miners.ledger.toml_file import read_toml
from miners.text import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from miners.ledger.address import LedgerSource
    from miners.ledger.opening import Opened
    from miners.ledger.rows import RawRow


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


def odd_kinds(rows: Iterable[LedgerRow]) -> list[str]:
    """Return the kinds of activities that may be misspelt known ones."""
    counts = Counter(str(row["kind"]) for row in rows if row.table.name == "activities")
    unknown = {kind: nearest(kind, KINDS, "") for kind in sorted(counts.keys() - {*KINDS})}
    return [f"{counts[kind]:,} of kind {kind!r}{hint}" for kind, hint in unknown.items() if hint]


def _read_file(
    reading: LedgerContent, source: LedgerSource, file: LedgerFile, data: bytes, until: date
) -> None:
    rows = list(islice(_raw_rows(source, file, data, until), MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise UnreadableFile(f"it has more than {MOST_ROWS:,} rows", "Split it by years")
    if file.format == FEED:
        # A feed has the newest entries only.
        reading.partial_files.add(file.name)
    checker = RowChecker(file.name, source.time_zone, source.project)
    for row in rows:
        reading.take(checker.check(row))


def _raw_rows(source: LedgerSource, file: LedgerFile, data: bytes, until: date) -> Iterator[RawRow]:
    zone = ZoneInfo(source.time_zone)
    # The libraries of calendars and feeds take most of a second to load.
    if file.format == CALENDAR:
        from miners.ledger.calendar_file import read_calendar  # noqa: PLC0415 - see above

        return read_calendar(data, zone, source.patterns, until)
    if file.format == FEED:
        from miners.ledger.feed_file import read_feed  # noqa: PLC0415 - see above

        return read_feed(data, zone, source.patterns)
    if file.format == TOML:
        return read_toml(data)
    if file.table is None:
        raise ValueError(f"{file.name}: a {file.format} file is of one table")
    read = read_parquet if file.format == PARQUET else read_csv
    return read(data, file.table)


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
