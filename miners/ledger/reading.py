"""A whole ledger: the right rows, the rows set aside, and the files that could not be read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from miners.ledger.cells import is_empty, shown
from miners.ledger.csv_file import read_csv
from miners.ledger.files import CALENDAR, FEED, MOST_ROWS, PARQUET, TOML, LedgerFile
from miners.ledger.headings import UnreadFile
from miners.ledger.parquet_file import read_parquet
from miners.ledger.rows import Row, RowChecker, SetAside, payload_of
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
class Reading:
    """
    What a ledger holds.

    Shape:   rows by table and identifier; unread are files that should have been read, left_out
             files that may be no part of it, both with what is to be said.
    """

    rows: dict[tuple[str, str], Row] = field(default_factory=dict)
    set_aside: list[SetAside] = field(default_factory=list)
    unread: dict[str, UnreadFile] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    # Files that say nothing of rows which are there no more.
    forgetful: set[str] = field(default_factory=set)

    @property
    def is_sound(self) -> bool:
        return not self.set_aside and not self.unread

    def take(self, found: Row | SetAside) -> None:
        """Keep a row, but not a second one of the same thing."""
        if isinstance(found, Row):
            before = self.rows.setdefault((found.table.name, found.key), found)
            if before is found:
                return
            found = _second(found, before)
        self.set_aside.append(found)
        if found.key is None:
            self.forgetful.add(found.place.file)


def read_ledger(source: LedgerSource, opened: Iterable[Opened], observed_at: datetime) -> Reading:
    """Read the files of a ledger; what is wrong with one holds up no other."""
    reading = Reading()
    for file, data in opened:
        try:
            if isinstance(data, UnreadFile):
                raise data
            if isinstance(file, LedgerFile):
                _read_file(reading, source, file, data, horizon(observed_at))
        except UnreadFile as unread:
            if unread.remedy:
                reading.unread[file.name] = unread
            else:
                reading.left_out[file.name] = unread.problem
    return reading


def horizon(observed_at: datetime) -> date:
    """Name the day before which events that recur for ever are listed."""
    return date(observed_at.year + 2, 1, 1)


def odd_kinds(rows: Iterable[Row]) -> list[str]:
    """Name the kinds of activities that may be a known one misspelt."""
    found = Counter(str(row["kind"]) for row in rows if row.table.name == "activities")
    unknown = {kind: nearest(kind, KINDS, "") for kind in sorted(found.keys() - {*KINDS})}
    return [f"{found[kind]:,} of kind {kind!r}{hint}" for kind, hint in unknown.items() if hint]


def _read_file(
    reading: Reading, source: LedgerSource, file: LedgerFile, data: bytes, until: date
) -> None:
    rows = list(islice(_raw_rows(source, file, data, until), MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise UnreadFile(f"it has more than {MOST_ROWS:,} rows", "Split it by years")
    if file.format == FEED:
        # A feed holds the newest entries only.
        reading.forgetful.add(file.name)
    checker = RowChecker(file.name, source.time_zone, source.project)
    for row in rows:
        reading.take(checker.check(row))


def _raw_rows(source: LedgerSource, file: LedgerFile, data: bytes, until: date) -> Iterator[RawRow]:
    zone = ZoneInfo(source.time_zone)
    # The libraries of calendars and feeds take most of a second to load, which others need not.
    if file.format == CALENDAR:
        from miners.ledger.calendar_file import read_calendar  # noqa: PLC0415 - see above

        return read_calendar(data, zone, source.words, until)
    if file.format == FEED:
        from miners.ledger.feed_file import read_feed  # noqa: PLC0415 - see above

        return read_feed(data, zone, source.words)
    if file.format == TOML:
        return read_toml(data)
    if file.table is None:
        raise ValueError(f"{file.name}: a {file.format} file is of one table")
    read = read_parquet if file.format == PARQUET else read_csv
    return read(data, file.table)


def _second(found: Row, before: Row) -> SetAside:
    table = found.table
    if not is_empty(found.raw.cells.get(table.id_column)):
        fault = (table.id_column, f"{shown(found.key)} stands in {before.place} already")
    else:
        names = [" or ".join(columns) for columns in table.made_of]
        same = f"the same {', '.join(names[:-1])} and {names[-1]} as in {before.place}"
        fault = ("", f"{same}; give each an identifier in column {table.id_column}")
    return SetAside(
        table=table,
        key=found.key,
        faults=(fault,),
        payload=payload_of(found.raw),
        place=found.place,
    )
