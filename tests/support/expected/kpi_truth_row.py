"""A row of a KPI, and the quarter that it is in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

FOREVER = 2**62
# Rows that should count, if only more was known.
_GAPS = {
    "unusable_time",
    "no_response_yet",
    "unknown_start",
    "no_approval",
    "no_review",
    "started_after_end",
    "no_deployment",
    "before_first_deployment",
}


@dataclass(frozen=True)
class Row:
    """What a KPI considered in a quarter: whom it is about, whether it counts, and its numbers."""

    kpi: str
    quarter: str
    subject: object
    reason: str
    value: int | None = None
    numerator: int | None = None
    denominator: int | None = None
    # What other repositories may have too, and how early this one is asked for it.
    copied: object = None
    order: tuple = ()

    @property
    def is_counted(self):
        return self.reason == "counted"

    @property
    def is_gap(self):
        return self.reason in _GAPS


def share(kpi, quarter, subject, reason, numerator, denominator=1, **copy):
    """Make the row of a ratio."""
    return Row(kpi, quarter, subject, reason, None, numerator, denominator, **copy)


def first_not(*reasons):
    """Name the first of some reasons that keeps a row from counting."""
    return next((reason for reason in reasons if reason not in {None, "counted"}), "counted")


@dataclass(frozen=True)
class ExpectedQuarter:
    """A quarter of the calendar in UTC; seconds, half-open."""

    label: str
    starts: int
    ends: int

    @property
    def year(self):
        return int(self.label[:4])

    @property
    def year_starts(self):
        return _second(self.year, 1)

    def holds(self, second):
        return self.starts <= second < self.ends


def quarter_of(second):
    day = datetime.fromtimestamp(second, UTC)
    return _quarter(day.year, (day.month + 2) // 3)


@cache
def _quarter(year, number):
    ends = _second(year, number * 3 + 1) if number < 4 else _second(year + 1, 1)
    return ExpectedQuarter(f"{year}-Q{number}", _second(year, number * 3 - 2), ends)


def quarters_between(first, last):
    """List the quarters that touch a span of seconds."""
    found = [quarter_of(first)]
    while found[-1].ends <= last:
        found.append(quarter_of(found[-1].ends))
    return found


def label(second):
    return quarter_of(second).label


def _second(year, month):
    return int(datetime(year, month, 1, tzinfo=UTC).timestamp())
