"""Files and rows of a ledger that may not count as intended."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from miners.ledger.cells import quoted
from miners.ledger.tables import KINDS
from miners.text import nearest_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from miners.ledger.address import LedgerSource
    from miners.ledger.reading import LedgerContent
    from miners.ledger.rows import LedgerRow

    Period = tuple[date | None, date | None]

# Known kinds of activities in the words of teams in Korea and Japan, the most special first.
_TRANSLATED = {
    "주간회의": "weekly_planning",
    "기술회의": "technical_meeting",
    "전략회의": "strategy_meeting",
    "논문": "paper_review",
    "출장": "business_trip",
    "出張": "business_trip",
    "커뮤니티": "community",
    "시연": "demonstration",
    "데모": "demonstration",
    "회의": "meeting",
    "会議": "meeting",
    "발표": "presentation",
    "発表": "presentation",
    "세미나": "seminar",
    "セミナー": "seminar",
    "테스트": "test_iteration",
    "시험": "test_iteration",
    "テスト": "test_iteration",
    "교육": "training",
    "研修": "training",
    "집필": "writing",
    "블로그": "writing",
}
# The days that place a row in time, the first with a value.
_DAYS = {
    "tasks": ("completed_on", "planned_on", "started_on"),
    "deployments": ("deployed_on", "planned_on"),
    "incidents": ("recovered_at", "started_at"),
    "activities": ("happened_on",),
    "measurements": ("measured_on",),
}


def findings(reading: LedgerContent, source: LedgerSource) -> list[str]:
    """
    List what is not read or may not count as intended, in sentences.

    Shape:   files and sheets of no table, other encodings, nearly known kinds of activities, and
             rows outside their project's dates: of the settings, else of the ledger.
    """
    rows = list(reading.rows.values())
    return [
        *(f"Not read: {name}, because {reason}" for name, reason in reading.ignored.items()),
        *(
            f"Decoded: {name}, as {encoding} and not as UTF-8"
            for name, encoding in reading.encodings.items()
        ),
        *_odd_kinds(rows),
        *_outside(rows, _periods(rows, source), source),
    ]


def _odd_kinds(rows: Iterable[LedgerRow]) -> Iterator[str]:
    """Yield the kinds of activities that may be known ones in other words."""
    counts: dict[str, int] = defaultdict(int)
    for row in rows:
        if row.table.name == "activities":
            counts[str(row["kind"])] += 1
    for kind in sorted(counts.keys() - {*KINDS}):
        compact = kind.replace("_", "")
        near = next((known for word, known in _TRANSLATED.items() if word in compact), None)
        near = near or nearest_name(kind, KINDS)
        if near:
            count = f"{counts[kind]:,} of kind {kind!r}"
            yield f"Activities: {count}; did you mean {near!r}?"


def _periods(rows: Iterable[LedgerRow], source: LedgerSource) -> dict[str, Period]:
    """Return the first and the last day of each project; settings take precedence."""
    periods: dict[str, Period] = dict(source.periods)
    for row in rows:
        if row.table.name == "projects":
            first, last = periods.get(row.key, (None, None))
            own_first, own_last = (
                _day(row["active_from"], source),
                _day(row["active_until"], source),
            )
            periods[row.key] = (first or own_first, last or own_last)
    return periods


def _outside(
    rows: Iterable[LedgerRow], periods: Mapping[str, Period], source: LedgerSource
) -> Iterator[str]:
    outside: dict[tuple[str, str], list[LedgerRow]] = defaultdict(list)
    for row in rows:
        project = str(row["project"] or source.name) if row.table.name in _DAYS else ""
        first, last = periods.get(project, (None, None))
        values = (row[column] for column in _DAYS.get(row.table.name, ()))
        day = next((_day(value, source) for value in values if value is not None), None)
        if day and ((first and day < first) or (last and day > last)):
            outside[row.table.name, project].append(row)
    for (table, project), found in outside.items():
        first, last = periods[project]
        dates = " ".join([f"from {first}"] * bool(first) + [f"until {last}"] * bool(last))
        count = f"{len(found):,} row{'s' if len(found) > 1 else ''} of {quoted(project)}"
        place = f"the first is {found[0].place}"
        yield f"Outside the dates of the project ({dates}): {table}: {count}; {place}"


def _day(value: object, source: LedgerSource) -> date | None:
    if isinstance(value, int):
        instant = datetime.fromtimestamp(value / 1_000_000, UTC)
        return instant.astimezone(ZoneInfo(source.time_zone)).date()
    return value if isinstance(value, date) else None
