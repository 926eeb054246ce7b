"""Parse days, instants and quarters in cells."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from miners.ledger.cells import FIRST_YEAR, LAST_YEAR, WrongCell
from miners.ledger.spellings import iso_of

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from miners.ledger.cells import Cell

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T00:00:00(?:\.0+)?)?")
_SERIAL = re.compile(r"[3-6]\d{4}(\.\d+)?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_A_DAY = "a day such as 2024-01-31"
_AN_INSTANT = "a date and time such as 2024-03-21 19:22 or 2024-03-21T19:22+09:00"
_A_QUARTER = "a quarter such as 2024-Q1"


def day(cell: Cell) -> date:
    """Return a day, also if it is written as its first instant."""
    if isinstance(cell, datetime):
        if cell.time() != time() or cell.tzinfo is not None:
            raise WrongCell(_A_DAY, cell, ", which has a time")
        cell = cell.date()
    if isinstance(cell, date):
        return _in_range(_A_DAY, cell, cell)
    match = _DAY.fullmatch(iso_of(cell)) if isinstance(cell, str) else None
    if not match:
        raise WrongCell(_A_DAY, cell, _day_hint(cell))
    try:
        return _in_range(_A_DAY, date(*map(int, match.groups())), cell)
    except ValueError:
        raise WrongCell(_A_DAY, cell, ", which does not exist") from None


def instant(cell: Cell, zone: ZoneInfo) -> int:
    """
    Return an instant; without an offset it is in the zone.

    Units:   microseconds since 1970 in UTC.
    """
    parsed = _parse(cell) if isinstance(cell, str) else cell
    if not isinstance(parsed, datetime):
        hint = ", which has no time" if isinstance(parsed, date) else ""
        raise WrongCell(_AN_INSTANT, cell, hint)
    if parsed.tzinfo is None:
        parsed = _in_zone(parsed, zone, cell)
    _in_range(_AN_INSTANT, parsed.date(), cell)
    elapsed = parsed - _EPOCH
    return (elapsed.days * 86_400 + elapsed.seconds) * 1_000_000 + elapsed.microseconds


def quarter(cell: Cell) -> str:
    """Return a quarter with its year."""
    match = re.fullmatch(r"(\d{4})[- ]?Q([1-4])", str(cell).strip().upper())
    if not match or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
        raise WrongCell(_A_QUARTER, cell)
    return f"{match[1]}-Q{match[2]}"


def quarter_of_year(cell: Cell) -> str:
    """Return a quarter such as Q1 or 2024-Q1, also of 1, q1 or 2024q1."""
    if of_year := re.fullmatch(r"Q?([1-4])(?:\.0)?", str(cell).strip().upper()):
        return f"Q{of_year[1]}"
    try:
        return quarter(cell)
    except WrongCell:
        raise WrongCell("a quarter such as Q1 or 2024-Q1", cell) from None


def _parse(cell: str) -> datetime:
    written = iso_of(cell)
    try:
        parsed = datetime.fromisoformat(written)
    except ValueError:
        raise WrongCell(_AN_INSTANT, cell, _day_hint(cell)) from None
    if "T" not in written:
        raise WrongCell(_AN_INSTANT, cell, ", which has no time")
    return parsed


def _in_range(expected: str, value: date, cell: Cell) -> date:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise WrongCell(expected, cell, f", which is not from {FIRST_YEAR} to {LAST_YEAR}")
    return value


def _in_zone(parsed: datetime, zone: ZoneInfo, cell: Cell) -> datetime:
    """Return the instant of a local time that exists once in its zone."""
    first, second = (parsed.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        is_skipped = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != parsed
        times = "no such time" if is_skipped else "that time twice"
        hint = f"; {zone.key} has {times} on that day: add the offset, such as +01:00"
        raise WrongCell(_AN_INSTANT, cell, hint)
    return first


def _day_hint(cell: Cell) -> str:
    if _SERIAL.fullmatch(str(cell).strip()):
        return ", a day number of a spreadsheet: format the column as a date"
    if re.fullmatch(r"\d{1,2}\D\d{1,2}\D\d{2,4}", str(cell).strip()):
        return "; write the year first"
    return ""
