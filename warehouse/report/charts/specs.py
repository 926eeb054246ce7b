"""Chart specifications: figures and labels, without colours."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from warehouse.query.formats import visible

if TYPE_CHECKING:
    from datetime import date, datetime


@dataclass(frozen=True)
class Spark:
    """A line without axes: None is a gap."""

    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Point:
    """A figure of a quarter as number and text."""

    label: str
    value: float | None
    text: str


@dataclass(frozen=True)
class Trend:
    """A figure over quarters, of which the report shows the last ones."""

    points: tuple[Point, ...]
    first_shown: str
    is_percent: bool = False
    target: float | None = None


@dataclass(frozen=True)
class Bars:
    """The count of each category, on a scale with a common maximum."""

    bars: tuple[tuple[str, int], ...]
    most: int


@dataclass(frozen=True, kw_only=True)
class Flow:
    """Items added and removed in each quarter, and remaining at its end."""

    quarters: tuple[str, ...]
    added: tuple[int, ...]
    removed: tuple[int, ...]
    remaining: tuple[int, ...]
    labels: tuple[str, str, str]


@dataclass(frozen=True)
class Stack:
    """The amount of each part in each quarter: (quarter, part, amount)."""

    numbers: tuple[tuple[str, str, float], ...]
    parts: tuple[str, ...]
    # Parts that share some of their amounts do not add up.
    overlaps: bool = False


@dataclass(frozen=True, kw_only=True)
class Heatmap:
    """The count of each day as a calendar, with labels of months and weekdays."""

    days: tuple[tuple[date, int], ...]
    first: date
    last: date
    months: tuple[tuple[date, str], ...]
    weekdays: tuple[str, ...]


@dataclass(frozen=True)
class Interval:
    """A labelled interval, one per line."""

    label: str
    starts_at: datetime
    ends_at: datetime
    text: str


@dataclass(frozen=True, kw_only=True)
class TimeLine:
    """Intervals and marked instants between two instants."""

    intervals: tuple[Interval, ...]
    marks: tuple[datetime, ...]
    starts_at: datetime
    ends_at: datetime
    ticks: tuple[tuple[datetime, str], ...]


Plot: TypeAlias = Spark | Trend | Bars | Flow | Stack | Heatmap | TimeLine


def with_visible_texts(part: Any) -> Any:  # noqa: ANN401 - any part of a chart
    """
    Escape the control characters in each text of a chart.

    XML cannot hold some of them, and the library ends the process over one.
    """
    if isinstance(part, str):
        return visible(part)
    if isinstance(part, tuple):
        return tuple(map(with_visible_texts, part))
    if not is_dataclass(part) or isinstance(part, type):
        return part
    values = {field.name: with_visible_texts(getattr(part, field.name)) for field in fields(part)}
    return replace(part, **values)
