"""What a chart shows, before anybody draws it: figures and words, and no colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from datetime import date, datetime


@dataclass(frozen=True)
class Spark:
    """A line without axes: None is a gap."""

    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Point:
    """A figure of a quarter as it is drawn, and as it is written."""

    label: str
    value: float | None
    text: str


@dataclass(frozen=True)
class Trend:
    """A figure over quarters; the last ones are those that the report is of."""

    points: tuple[Point, ...]
    first_shown: str
    is_percent: bool = False
    target: float | None = None


@dataclass(frozen=True)
class Bars:
    """How many there are of each kind, on a scale up to what is most anywhere."""

    bars: tuple[tuple[str, int], ...]
    most: int


@dataclass(frozen=True)
class Flow:
    """What came and went in each quarter, and what was left at its end."""

    quarters: tuple[str, ...]
    came: tuple[int, ...]
    went: tuple[int, ...]
    left: tuple[int, ...]
    words: tuple[str, str, str]


@dataclass(frozen=True)
class Stack:
    """How much each part adds to a quarter: (quarter, part, amount)."""

    numbers: tuple[tuple[str, str, float], ...]
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Heatmap:
    """How much there was on each day; months are named where they begin."""

    days: tuple[tuple[date, int], ...]
    first: date
    last: date
    months: tuple[tuple[date, str], ...]
    weekdays: tuple[str, ...]


@dataclass(frozen=True)
class Interval:
    """Something that lasted, on a line of its own."""

    label: str
    starts_at: datetime
    ends_at: datetime
    text: str


@dataclass(frozen=True)
class TimeLine:
    """What lasted, and what happened beside it, between two instants."""

    intervals: tuple[Interval, ...]
    marks: tuple[datetime, ...]
    starts_at: datetime
    ends_at: datetime
    ticks: tuple[tuple[datetime, str], ...]


Plot: TypeAlias = Spark | Trend | Bars | Flow | Stack | Heatmap | TimeLine
