"""How long the stretches of time took that a report tells of."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from warehouse.reconcile.parse.intervals import Amount, exactly

if TYPE_CHECKING:
    from datetime import tzinfo

    from warehouse.reconcile.parse.periods import Stretch

_SECONDS = 3600
_DAY = 24
_WEEK = 7
_MONTHS = 12
_WORKING_DAYS = range(1, 6)  # Monday to Friday, of days counted from a Sunday


def hours(stretch: Stretch, zone: tzinfo | None = None) -> Fraction:
    """Count the hours of a stretch: by the clock on the wall, or those that passed in a zone."""
    ends, begins = (at.replace(tzinfo=zone) for at in (stretch.ends, stretch.begins))
    seconds = ends.timestamp() - begins.timestamp() if zone else (ends - begins).total_seconds()
    return Fraction(int(seconds), _SECONDS)


def lengths(stretch: Stretch, unit: str, zone: tzinfo | None) -> tuple[Amount, ...]:
    """List what may be said of a stretch's length; its last day or month counts or not."""
    by_clock = hours(stretch)
    days = (stretch.ends.date() - stretch.begins.date()).days
    match stretch.precision, unit:
        case "minute", "h":
            return exactly(by_clock), exactly(hours(stretch, zone))
        case "minute", "d":
            return exactly(by_clock / _DAY), exactly(days), exactly(days + 1)
        case "day", "d":
            return exactly(days), exactly(days + 1), *_working_days(stretch)
        case "day", "w":
            return exactly(Fraction(days, _WEEK)), exactly(Fraction(days + 1, _WEEK))
        case "month", "mo":
            months = _months(stretch)
            return exactly(months + 1), exactly(months)
        case _:
            return ()


def _months(stretch: Stretch) -> int:
    years = stretch.ends.year - stretch.begins.year
    return _MONTHS * years + stretch.ends.month - stretch.begins.month


def _working_days(stretch: Stretch) -> tuple[Amount, ...]:
    """Count Mondays to Fridays, with the last day and without."""
    first, last = stretch.begins.date().toordinal(), stretch.ends.date().toordinal()
    days = [day for day in range(first, last + 1) if day % _WEEK in _WORKING_DAYS]
    return exactly(len(days)), exactly(sum(day < last for day in days))
