"""The fiscal calendar and its quarters."""

from __future__ import annotations

import difflib
import zoneinfo
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal

from warehouse.errors import SettingsRefused

if TYPE_CHECKING:
    from collections.abc import Iterable

# Git's times begin in 1970, and as unsigned 32-bit seconds in most places they end in 2106.
FIRST_INSTANT = datetime(1970, 1, 1, tzinfo=UTC)
LAST_INSTANT = datetime(2106, 1, 1, tzinfo=UTC)
MONTHS = 12
MONTHS_PER_QUARTER = 3
YearNamedBy = Literal["start", "end"]


@dataclass(frozen=True)
class Calendar:
    """
    The fiscal calendar: time zone, first month and name of the year, and the last local day.

    Shape:   a fiscal year is named by the calendar year in which it starts or ends; the quarter
             that contains the last day ends with it, and no quarter follows.
    """

    time_zone: str = "UTC"
    first_month: int = 1
    last_day: date | None = None
    year_named_by: YearNamedBy = field(default="end", kw_only=True, repr=False)

    def __post_init__(self) -> None:
        if not 1 <= self.first_month <= MONTHS:
            raise SettingsRefused(
                f"first_month: {self.first_month} is not a month. Write 1 for January to 12."
            )
        self.zone()

    def zone(self) -> zoneinfo.ZoneInfo:
        """Return the time zone; SettingsRefused suggests the closest name."""
        try:
            return zoneinfo.ZoneInfo(self.time_zone)
        except (KeyError, ValueError, OSError) as error:
            raise SettingsRefused(_unknown_zone(self.time_zone)) from error


@dataclass(frozen=True, kw_only=True)
class Quarter:
    """
    A fiscal quarter.

    Units:   dates are local, ends_before excluded; instants are UTC, half-open.
    """

    quarter: str
    fiscal_year: int
    fiscal_quarter: int
    starts_on: date
    ends_before: date
    starts_at: datetime
    ends_at: datetime
    time_zone: str


def quarters(calendar: Calendar) -> list[Quarter]:
    """
    List every fiscal quarter that touches the years 1970 to 2105 in UTC, oldest first.

    Shape:   no gap, no overlap.
    """
    zone = calendar.zone()
    starts = _starts(calendar.first_month)
    instants = [first_instant(day, zone) for day in starts]
    everything = (
        _quarter(calendar, *bounds)
        for bounds in zip(starts, starts[1:], instants, instants[1:], strict=False)
    )
    known = [q for q in everything if q.ends_at > FIRST_INSTANT and q.starts_at < LAST_INSTANT]
    if calendar.last_day is None:
        return known
    end = calendar.last_day + timedelta(days=1)
    return [_cut(quarter, end, zone) for quarter in known if quarter.starts_on < end]


def quarter_named(quarters: Iterable[Quarter], name: str) -> Quarter | None:
    """Return the quarter of a name, or None."""
    return next((quarter for quarter in quarters if quarter.quarter == name), None)


def quarter_at(quarters: list[Quarter], instant: datetime) -> str | None:
    """Return the name of the quarter that contains an instant; None outside the calendar."""
    index = bisect_right(quarters, instant, key=lambda quarter: quarter.starts_at) - 1
    if index < 0 or instant >= quarters[index].ends_at:
        return None
    return quarters[index].quarter


def first_instant(day: date, zone: zoneinfo.ZoneInfo) -> datetime:
    """
    Return the first instant of a local day, in UTC.

    Where clocks skip midnight the day begins at the jump; where midnight occurs twice it begins
    at the first one (fold 0 of a datetime means just these two).
    """
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def _starts(first_month: int) -> list[date]:
    """List the local first days of quarters that cover all instants."""
    offset = (first_month - 1) % MONTHS_PER_QUARTER
    first = (FIRST_INSTANT.year - 1) * MONTHS + offset
    last = (LAST_INSTANT.year + 1) * MONTHS
    months = range(first, last, MONTHS_PER_QUARTER)
    return [date(month // MONTHS, month % MONTHS + 1, 1) for month in months]


def _quarter(
    calendar: Calendar, starts_on: date, ends_before: date, starts_at: datetime, ends_at: datetime
) -> Quarter:
    since_first = (starts_on.month - calendar.first_month) % MONTHS
    fiscal_quarter = since_first // MONTHS_PER_QUARTER + 1
    starts_in = starts_on.year - (starts_on.month < calendar.first_month)
    ends_in = starts_in + (calendar.first_month > 1)
    fiscal_year = starts_in if calendar.year_named_by == "start" else ends_in
    return Quarter(
        quarter=f"{fiscal_year}-Q{fiscal_quarter}",
        fiscal_year=fiscal_year,
        fiscal_quarter=fiscal_quarter,
        starts_on=starts_on,
        ends_before=ends_before,
        starts_at=starts_at,
        ends_at=ends_at,
        time_zone=calendar.time_zone,
    )


def _cut(quarter: Quarter, end: date, zone: zoneinfo.ZoneInfo) -> Quarter:
    if quarter.ends_before <= end:
        return quarter
    return replace(quarter, ends_before=end, ends_at=first_instant(end, zone))


def _unknown_zone(name: str) -> str:
    known = sorted(zoneinfo.available_timezones())
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}?" if near else "write one such as 'UTC' or 'Asia/Seoul'."
    return f"time_zone: {name!r} is not a time zone; {hint}"
