"""Parse instants, time intervals and periods of a year in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Precision = Literal["minute", "day", "month"]
Grain = Literal["month", "quarter", "half", "year"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = rf"(?P<name>(?:{'|'.join(_MONTHS)})[a-z]*)\.?"
_TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})?"
_CLOCK = rf"(?:[ T]{_TIME})?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d{2})"
_PATTERNS = tuple(
    re.compile(rf"(?<![\w.])(?:{pattern})(?![A-Za-z0-9_]|[.:/-]\d)", re.IGNORECASE)
    for pattern in (
        rf"{_YEAR}(?P<mark>[-./])(?P<month>\d{{1,2}})(?P=mark){_DAY}{_CLOCK}",
        rf"{_YEAR}년 ?(?P<month>\d{{1,2}})월 ?(?P<day>\d{{1,2}})일{_CLOCK}",
        rf"{_YEAR}년 ?(?P<month>\d{{1,2}})월",
        rf"{_YEAR}[-./](?P<month>0[1-9]|1[0-2])",
        rf"{_DAY} {_NAME},? {_YEAR}{_CLOCK}",
        rf"{_NAME} {_DAY},? {_YEAR}{_CLOCK}",
        rf"{_NAME},? {_YEAR}",
        _TIME,
    )
)
# Months of one year, with the year only once: 2022.01-09.
_MONTH_INTERVAL = re.compile(rf"(?<![\w.]){_YEAR}\.(?P<first>\d{{2}})-(?P<last>\d{{2}})(?![\w.-])")
_BETWEEN = re.compile(r"\s*(?:to|until|till|through|[-–—~→]|부터|에서)\s*")
_QUARTER = r"Q[1-4]|[1-4]분기"
_PART = rf"{_QUARTER}|H[12]|상반기|하반기"
PERIOD = re.compile(
    rf"(?<![\w.])(?:(?:FY ?)?(?P<year>(?:19|20)\d{{2}})(?:년(?:도)?)?[- ]?)?"
    rf"(?P<part>{_PART})(?:[-–~](?P<until>{_PART}))?(?![\w])"
    rf"(?: (?P<after>(?:19|20)\d{{2}}))?"
    rf"|(?<![\w.,/-])(?P<only>(?:19|20)\d{{2}})년?도?(?![\w,./:-])"
    rf"|(?<![\w])(?P<whole>annual|yearly|full[- ]year|연간)(?![\w])",
    re.IGNORECASE,
)
_PARTS = {"상반기": "H1", "하반기": "H2"}
_MONTH_HEADER = re.compile(rf"(?:{'|'.join(_MONTHS)})[a-z]*\.?|(?:[1-9]|1[0-2])월", re.IGNORECASE)


@dataclass(frozen=True)
class Instant:
    """An instant in the document's local time, with the precision as written."""

    start: int
    end: int
    at: datetime
    precision: Precision


@dataclass(frozen=True, kw_only=True)
class TimeInterval:
    """The time between two instants of the same precision."""

    start: int
    end: int
    begins: datetime
    ends: datetime
    precision: Precision


@dataclass(frozen=True)
class StatedPeriod:
    """A period of a year: Q1 to Q4, H1, H2, a range such as Q2-Q3, or "" for the year."""

    year: int | None
    part: str


def parse_instants(text: str) -> list[Instant]:
    """List the instants of a text in order; a time without a date has the preceding date."""
    spans: list[tuple[int, int]] = []
    instants: list[Instant] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in spans):
                continue
            spans.append(match.span())
            instant = _instant(match, instants)
            if instant:
                instants.append(instant)
    return sorted(instants, key=lambda instant: instant.start)


def parse_time_intervals(text: str) -> list[TimeInterval]:
    """List the time intervals between consecutive instants."""
    instants = parse_instants(text)
    pairs = pairwise(instants)
    intervals = [
        TimeInterval(
            start=first.start,
            end=second.end,
            begins=first.at,
            ends=second.at,
            precision=first.precision,
        )
        for first, second in pairs
        if first.precision == second.precision
        and first.at <= second.at
        and _BETWEEN.fullmatch(text[first.end : second.start])
    ]
    return intervals + list(_month_intervals(text))


def time_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of instants and periods in a text, whose digits are not figures."""
    for pattern in (_MONTH_INTERVAL, *_PATTERNS):
        yield from (match.span() for match in pattern.finditer(text))
    yield from (match.span() for match in PERIOD.finditer(text) if match["part"])


def period_in(text: str) -> StatedPeriod | None:
    """Return the first period of a year in a text, or the year."""
    year = None
    for match in PERIOD.finditer(text):
        if match["part"]:
            return _period(match, year)
        year = int(match["only"]) if match["only"] else year
        if match["whole"]:
            return StatedPeriod(year, "")
    return None if year is None else StatedPeriod(year, "")


def grain_of(label: str) -> Grain | None:
    """Return the grain of a label that is a period and nothing else."""
    text = re.sub(r"\([^()]*\)", "", label).strip()
    if _MONTH_HEADER.fullmatch(text):
        return "month"
    match = PERIOD.fullmatch(text)
    if not match or match["whole"]:
        return None
    if not match["part"]:
        return "year"
    return "half" if _part(match["part"]).startswith("H") else "quarter"


def by_grain(labels: Sequence[str]) -> list[list[int]]:
    """Group the indexes of labels that are periods by grain."""
    places: dict[str, list[int]] = {}
    for index, label in enumerate(labels):
        period = period_in(label)
        part = period.part[0] if period and period.part else None
        grain = grain_of(label) or {"Q": "quarter", "H": "half"}.get(part or "")
        if grain:
            places.setdefault(grain, []).append(index)
    return list(places.values())


def _period(match: re.Match[str], year: int | None) -> StatedPeriod:
    year_text = match["year"] or match["after"]
    part = _part(match["part"])
    until = f"-{_part(match['until'])}" if match["until"] else ""
    return StatedPeriod(int(year_text) if year_text else year, f"{part}{until}")


def _part(text: str) -> str:
    return _PARTS.get(text) or (f"Q{text[0]}" if text.endswith("분기") else text.upper())


def _instant(match: re.Match[str], earlier_instants: list[Instant]) -> Instant | None:
    groups = match.groupdict()
    try:
        if "year" not in groups:
            return _later(match, earlier_instants)
        precision: Precision = (
            "minute" if groups.get("hour") else "day" if groups.get("day") else "month"
        )
        at = datetime(  # noqa: DTZ001 - the document's own clock
            int(groups["year"]),
            _month(groups),
            int(groups.get("day") or 1),
            int(groups.get("hour") or 0),
            int(groups.get("minute") or 0),
        )
    except ValueError:
        return None
    return Instant(match.start(), match.end(), at, precision)


def _later(match: re.Match[str], earlier_instants: list[Instant]) -> Instant | None:
    """Return a time without a date on the day of the preceding instant, or the next day."""
    candidates = [m for m in earlier_instants if m.end <= match.start() and m.precision == "minute"]
    if not candidates:
        return None
    last = max(candidates, key=lambda instant: instant.start).at
    at = last.replace(hour=int(match["hour"]), minute=int(match["minute"]))
    return Instant(match.start(), match.end(), at + timedelta(days=at < last), "minute")


def _month(groups: Mapping[str, str | None]) -> int:
    name = groups.get("name")
    return _MONTHS.index(name[:3].lower()) + 1 if name else int(groups["month"] or 0)


def _month_intervals(text: str) -> Iterator[TimeInterval]:
    for match in _MONTH_INTERVAL.finditer(text):
        year, first, last = (int(match[name]) for name in ("year", "first", "last"))
        if 1 <= first <= last <= len(_MONTHS):
            begins = datetime(year, first, 1)  # noqa: DTZ001 - the document's own clock
            yield TimeInterval(
                start=match.start(),
                end=match.end(),
                begins=begins,
                ends=begins.replace(month=last),
                precision="month",
            )
