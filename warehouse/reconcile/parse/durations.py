"""Durations of the time intervals in a report."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from warehouse.reconcile.parse.intervals import Amount, exactly

if TYPE_CHECKING:
    from datetime import tzinfo

    from warehouse.reconcile.parse.periods import TimeInterval

_SECONDS = 3600
_DAY = 24
_WEEK = 7
_MONTHS = 12
_WORKING_DAYS = range(1, 6)  # Monday to Friday, of days counted from a Sunday


def hours(interval: TimeInterval, zone: tzinfo | None = None) -> Fraction:
    """Return the hours of an interval: by local clock times, or elapsed in a time zone."""
    ends, begins = (at.replace(tzinfo=zone) for at in (interval.ends, interval.begins))
    seconds = ends.timestamp() - begins.timestamp() if zone else (ends - begins).total_seconds()
    return Fraction(int(seconds), _SECONDS)


def lengths(interval: TimeInterval, unit: str, zone: tzinfo | None) -> tuple[Amount, ...]:
    """List the valid durations of an interval, with and without its last day or month."""
    by_clock = hours(interval)
    days = (interval.ends.date() - interval.begins.date()).days
    match interval.precision, unit:
        case "minute", "h":
            return exactly(by_clock), exactly(hours(interval, zone))
        case "minute", "d":
            return exactly(by_clock / _DAY), exactly(days), exactly(days + 1)
        case "day", "d":
            return exactly(days), exactly(days + 1), *_working_days(interval)
        case "day", "w":
            return exactly(Fraction(days, _WEEK)), exactly(Fraction(days + 1, _WEEK))
        case "month", "mo":
            months = _months(interval)
            return exactly(months + 1), exactly(months)
        case _:
            return ()


def _months(interval: TimeInterval) -> int:
    years = interval.ends.year - interval.begins.year
    return _MONTHS * years + interval.ends.month - interval.begins.month


def _working_days(interval: TimeInterval) -> tuple[Amount, ...]:
    """Return the number of working days, with and without the last day."""
    first, last = interval.begins.date().toordinal(), interval.ends.date().toordinal()
    days = [day for day in range(first, last + 1) if day % _WEEK in _WORKING_DAYS]
    return exactly(len(days)), exactly(sum(day < last for day in days))
