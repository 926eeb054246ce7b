"""The instants in a text, the stretches between two of them, and what part of a year is meant."""

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
# A span of months whose year stands once: 2022.01-09.
_MONTH_SPAN = re.compile(rf"(?<![\w.]){_YEAR}\.(?P<first>\d{{2}})-(?P<last>\d{{2}})(?![\w.-])")
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
class Moment:
    """An instant by the document's clock, as exact as it is written."""

    start: int
    end: int
    at: datetime
    precision: Precision


@dataclass(frozen=True)
class Stretch:
    """What lies between two instants; has_clock says whether both are known to the minute."""

    start: int
    end: int
    begins: datetime
    ends: datetime
    precision: Precision


@dataclass(frozen=True)
class Period:
    """A part of a year: Q1 to Q4, H1 or H2, several such as Q2-Q3, or "" for all of it."""

    year: int | None
    part: str


def find_moments(text: str) -> list[Moment]:
    """List the instants of a text in their order; a time alone is of the day before it."""
    taken: list[tuple[int, int]] = []
    found: list[Moment] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            taken.append(match.span())
            moment = _moment(match, found)
            if moment:
                found.append(moment)
    return sorted(found, key=lambda moment: moment.start)


def find_stretches(text: str) -> list[Stretch]:
    """List the stretches of time from one instant to the next."""
    moments = find_moments(text)
    pairs = pairwise(moments)
    found = [
        Stretch(first.start, second.end, first.at, second.at, first.precision)
        for first, second in pairs
        if first.precision == second.precision
        and first.at <= second.at
        and _BETWEEN.fullmatch(text[first.end : second.start])
    ]
    return found + list(_month_spans(text))


def spans_of_time(text: str) -> Iterator[tuple[int, int]]:
    """Yield where instants and periods stand in a text: their digits are no figures."""
    for pattern in (_MONTH_SPAN, *_PATTERNS):
        yield from (match.span() for match in pattern.finditer(text))
    yield from (match.span() for match in PERIOD.finditer(text) if match["part"])


def period_in(text: str) -> Period | None:
    """Name the first part of a year that a text speaks of, or the year."""
    year = None
    for match in PERIOD.finditer(text):
        if match["part"]:
            return _period(match, year)
        year = int(match["only"]) if match["only"] else year
        if match["whole"]:
            return Period(year, "")
    return None if year is None else Period(year, "")


def grain_of(label: str) -> Grain | None:
    """Tell what part of a year a label names, if it names one and nothing else."""
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
    """Group the places of labels that name parts of a year by how large these are."""
    found: dict[str, list[int]] = {}
    for place, label in enumerate(labels):
        period = period_in(label)
        part = period.part[0] if period and period.part else None
        grain = grain_of(label) or {"Q": "quarter", "H": "half"}.get(part or "")
        if grain:
            found.setdefault(grain, []).append(place)
    return list(found.values())


def _period(match: re.Match[str], year: int | None) -> Period:
    said = match["year"] or match["after"]
    part = _part(match["part"])
    until = f"-{_part(match['until'])}" if match["until"] else ""
    return Period(int(said) if said else year, f"{part}{until}")


def _part(text: str) -> str:
    return _PARTS.get(text) or (f"Q{text[0]}" if text.endswith("분기") else text.upper())


def _moment(match: re.Match[str], before: list[Moment]) -> Moment | None:
    said = match.groupdict()
    try:
        if "year" not in said:
            return _later(match, before)
        precision: Precision = (
            "minute" if said.get("hour") else "day" if said.get("day") else "month"
        )
        at = datetime(  # noqa: DTZ001 - the document's own clock
            int(said["year"]),
            _month(said),
            int(said.get("day") or 1),
            int(said.get("hour") or 0),
            int(said.get("minute") or 0),
        )
    except ValueError:
        return None
    return Moment(match.start(), match.end(), at, precision)


def _later(match: re.Match[str], before: list[Moment]) -> Moment | None:
    """Put a time alone on the day of the instant before it, or past midnight on the next."""
    earlier = [m for m in before if m.end <= match.start() and m.precision == "minute"]
    if not earlier:
        return None
    last = max(earlier, key=lambda moment: moment.start).at
    at = last.replace(hour=int(match["hour"]), minute=int(match["minute"]))
    return Moment(match.start(), match.end(), at + timedelta(days=at < last), "minute")


def _month(said: Mapping[str, str | None]) -> int:
    name = said.get("name")
    return _MONTHS.index(name[:3].lower()) + 1 if name else int(said["month"] or 0)


def _month_spans(text: str) -> Iterator[Stretch]:
    for match in _MONTH_SPAN.finditer(text):
        year, first, last = (int(match[name]) for name in ("year", "first", "last"))
        if 1 <= first <= last <= len(_MONTHS):
            begins = datetime(year, first, 1)  # noqa: DTZ001 - the document's own clock
            yield Stretch(*match.span(), begins, begins.replace(month=last), "month")
