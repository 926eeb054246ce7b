"""Read iCalendar files as activities."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import icalendar
import recurring_ical_events

from miners.ledger.events import event_row, lines_of, meaning, odd_event
from miners.ledger.headings import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from zoneinfo import ZoneInfo

    from miners.ledger.address import EventPatterns
    from miners.ledger.rows import RawRow

_FIRST_DAY = date(1970, 1, 1)
_MOST_SECONDS = 60
_FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")
_WITHIN_DAYS = ("BYHOUR", "BYMINUTE", "BYSECOND")
_HOUR = timedelta(hours=1)
# What the libraries raise for a malformed event.
_ODD = (ValueError, TypeError, ArithmeticError, LookupError, AttributeError)


def read_calendar(
    text: str, zone: ZoneInfo, patterns: EventPatterns, until: date
) -> Iterator[RawRow]:
    """
    Read the events of a calendar, a recurring one as all of its occurrences before a day.

    Shape:   canceled events are skipped; private ones keep neither title, place nor link.
    Errors:  UnreadableFile.
    """
    try:
        calendars = icalendar.Calendar.from_ical(text, multiple=True)
    except _ODD as error:
        raise UnreadableFile(f"it is not an iCalendar file ({error})", "Export it again") from None
    if not calendars:
        raise UnreadableFile("it is not an iCalendar file (it is empty)", "Export it again")
    events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    zones = [zone_ for calendar in calendars for zone_ in calendar.walk("VTIMEZONE")]
    lines: list[int | None] = [*lines_of(text, r"^BEGIN:VEVENT\s*$")]
    starts = lines if len(lines) == len(events) else [None] * len(events)
    if any(_is_endless(part) for zone_ in zones for part in zone_.subcomponents):
        raise UnreadableFile("the rule of a time zone in it never ends", "Export it again")
    reader, begun = _EventReader(zones, zone, patterns, until), time.monotonic()
    for number, group in _groups(events):
        if time.monotonic() - begun > _MOST_SECONDS:
            problem = f"its events take more than {_MOST_SECONDS} seconds to be listed"
            raise UnreadableFile(problem, "Export fewer events into each file")
        yield from reader.rows(group, starts[number])


def _groups(events: Sequence[Any]) -> Iterator[tuple[int, list[Any]]]:
    """Group a recurring event with its changed occurrences."""
    by_uid: dict[str, list[int]] = defaultdict(list)
    for number, event in enumerate(events):
        by_uid[str(event.get("UID") or number)].append(number)
    for numbers in by_uid.values():
        yield numbers[0], [events[number] for number in numbers]


def _recurs(group: Sequence[Any]) -> bool:
    return any(name in event for event in group for name in ("RRULE", "RDATE", "RECURRENCE-ID"))


@dataclass(frozen=True)
class _EventReader:
    zones: Sequence[Any]
    zone: ZoneInfo
    patterns: EventPatterns
    until: date

    def rows(self, group: Sequence[Any], line: int | None) -> list[RawRow]:
        received = {"event": group[0].to_ical().decode("utf-8", "replace")}
        try:
            problems = [f"{name}: {problem}" for event in group for name, problem in event.errors]
            if problems:
                return [odd_event(problems[0], line, received)]
            occurrences = self._occurrences(group) if _recurs(group) else group
            kept = [
                occurrence
                for occurrence in occurrences
                if str(occurrence.get("STATUS", "")).upper() != "CANCELLED"
            ]
            return [
                event_row(_event(occurrence, self.zone, self.patterns), line, received)
                for occurrence in kept
            ]
        except _ODD as error:
            return [odd_event(f"it is malformed ({error})", line, received)]

    def _occurrences(self, group: Sequence[Any]) -> Sequence[Any]:
        if any(_is_endless(event) for event in group):
            raise ValueError("it recurs more often than daily, or by no rule")
        calendar = icalendar.Calendar()
        for component in (*self.zones, *group):
            calendar.add_component(component)
        occurrences: Sequence[Any] = recurring_ical_events.of(calendar).between(
            _FIRST_DAY, self.until
        )
        return occurrences


def _is_endless(component: Any) -> bool:
    """Return whether something recurs more often than daily, or never advances."""
    return any(
        rule.get("FREQ", [""])[0] not in _FREQUENCIES
        or any(len(_listed(rule.get(part, []))) > 1 for part in _WITHIN_DAYS)
        or min(_listed(rule.get("INTERVAL", 1))) < 1
        for rule in _listed(component.get("RRULE", []))
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _event(event: Any, zone: ZoneInfo, patterns: EventPatterns) -> dict[str, Any]:
    begins, ends = event.start, event.end
    first, last = _day(begins, zone), _last_day(begins, ends, zone)
    title = str(event.get("SUMMARY", ""))
    kind, project = meaning(patterns, _categories(event), title, "meeting")
    is_open = str(event.get("CLASS", "PUBLIC")).upper() == "PUBLIC"
    return {
        "activity_id": _identifier(event),
        "happened_on": first,
        "happened_until": None if last <= first else last,
        "kind": kind,
        "project": project,
        "site": str(event.get("LOCATION", "")) if is_open else None,
        "title": title if is_open else None,
        "hours": _hours(begins, ends),
        "link": str(event.get("URL", "")) if is_open else None,
    }


def _identifier(event: Any) -> str | None:
    """Return the identifier of an event; for an occurrence with its original time."""
    uid = event.get("UID")
    if uid is None or "RECURRENCE-ID" not in event:
        return uid and str(uid)
    return f"{uid}/{event['RECURRENCE-ID'].dt.isoformat()}"


def _categories(event: Any) -> list[str]:
    lists = _listed(event.get("CATEGORIES", []))
    return [
        str(category)
        for occurrence in lists
        for category in getattr(occurrence, "cats", [occurrence])
    ]


def _day(moment: date, zone: ZoneInfo) -> date:
    if not isinstance(moment, datetime):
        return moment
    return (moment.astimezone(zone) if moment.tzinfo else moment).date()


def _last_day(begins: date, ends: date, zone: ZoneInfo) -> date:
    """Return the last day; an event that ends at midnight ends on the day before."""
    is_timed = isinstance(ends, datetime)
    step = timedelta(microseconds=1) if is_timed else timedelta(days=1)
    return _day(ends - step, zone) if ends > begins else _day(begins, zone)


def _hours(begins: date, ends: date) -> Decimal | None:
    if not isinstance(begins, datetime) or ends <= begins:
        return None
    return Decimal(str(round((ends - begins) / _HOUR, 6)))
